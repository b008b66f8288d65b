/** One pair of `Forwarded` (RFC 7239 §4) with what ends it; an empty one is between two commas. */
const PAIR = /\s*(?:([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*))\s*)?([,;]|$)/y;

/** The nodes of `X-Forwarded-For`, from the client to the nearest proxy; some proxies write them in quotes. */
export function listedNodes(header: string): string[] {
  return header.split(',').map((node) => node.trim().replace(/^"(.*)"$/, '$1'));
}

/**
 * The nodes of `Forwarded`, from the client to the nearest proxy; '' for a proxy that names none. The whole header must
 * be well formed: quotes that the client left open would swallow what the proxy has appended behind them.
 */
export function forwardedNodes(header: string): string[] {
  const nodes = [''];
  PAIR.lastIndex = 0;
  for (;;) {
    const pair = PAIR.exec(header);
    if (!pair) return [];
    const [, name, quoted, token = '', end] = pair;
    if (name?.toLowerCase() === 'for') {
      // Twice in one element is malformed.
      if (nodes.pop() !== '') return [];
      nodes.push(unescaped(quoted ?? token));
    }
    if (end === '') return nodes;
    if (end === ',') nodes.push('');
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1');
}
