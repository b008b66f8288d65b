import { eventually } from './app-process';
import { type Stack } from './modes';

/** The token of the newest mail of a kind to an address. */
export async function mailedToken(stack: Stack, to: string, template: string): Promise<string> {
  let token = '';
  await eventually(`a mail '${template}' to ${to}`, async () => {
    const response = await fetch(`${stack.base}/dev/mailbox/messages?to=${encodeURIComponent(to)}`);
    const { items } = (await response.json()) as { items: { template: string; text: string }[] };
    const text = items.find((mail) => mail.template === template)?.text ?? '';
    token = /[?&]token=([\w-]+)/.exec(text)?.[1] ?? '';
    return token !== '';
  });
  return token;
}
