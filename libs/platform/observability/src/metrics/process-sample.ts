import { readdir, readFile } from 'node:fs/promises';
import { arch, cpus, platform, release } from 'node:os';
import { type MetricFamilies } from './catalogue';

let countedCpu = { user: 0, system: 0 };

/** Set the process series from the operating system; Linux gives all, other systems what Node knows. */
export async function sampleProcess(families: MetricFamilies): Promise<void> {
  const usage = process.memoryUsage();
  families.memory.set({ type: 'rss' }, usage.rss);
  families.memory.set({ type: 'heap' }, usage.heapUsed);
  families.uptime.set(process.uptime());
  countCpu(families);
  const [status, descriptors] = await Promise.all([procStatus(), procDescriptors()]);
  setIfKnown(kilobytes(status, 'VmSize'), (value) => families.memory.set({ type: 'vms' }, value));
  setIfKnown(sharedBytes(status), (value) => families.memory.set({ type: 'shared' }, value));
  setIfKnown(count(status, 'Threads'), (value) => families.threads.set(value));
  setIfKnown(descriptors, (value) => families.openFds.set(value));
}

/** Set the series that never change. */
export function describeProcess(
  families: MetricFamilies,
  app: { name: string; environment: string; version: string },
): void {
  families.appInfo.set(app, 1);
  families.system.set(
    {
      runtime_version: process.version,
      platform: platform(),
      platform_release: release(),
      processor: cpus()[0]?.model ?? arch(),
    },
    1,
  );
}

function countCpu(families: MetricFamilies): void {
  const { user, system } = process.cpuUsage();
  families.cpu.inc({ mode: 'user' }, Math.max(0, user - countedCpu.user) / 1e6);
  families.cpu.inc({ mode: 'system' }, Math.max(0, system - countedCpu.system) / 1e6);
  countedCpu = { user, system };
}

async function procStatus(): Promise<string> {
  return readFile('/proc/self/status', 'utf8').catch(() => '');
}

async function procDescriptors(): Promise<number | undefined> {
  return readdir('/proc/self/fd').then(
    (entries) => entries.length,
    () => undefined,
  );
}

function count(status: string, name: string): number | undefined {
  const match = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status);
  return match ? Number(match[1]) : undefined;
}

function kilobytes(status: string, name: string): number | undefined {
  const value = count(status, name);
  return value === undefined ? undefined : value * 1024;
}

function sharedBytes(status: string): number | undefined {
  const file = kilobytes(status, 'RssFile');
  return file === undefined ? undefined : file + (kilobytes(status, 'RssShmem') ?? 0);
}

function setIfKnown(value: number | undefined, set: (value: number) => void): void {
  if (value !== undefined) set(value);
}
