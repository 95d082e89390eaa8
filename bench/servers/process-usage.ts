import { readdirSync, readFileSync } from 'node:fs';

/** What `sysconf(_SC_CLK_TCK)` is on every Linux of today. */
const ticksPerSecond = 100;

/** Seconds of CPU, of all its threads, that a process has taken so far. Linux only. */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => threadSeconds(`/proc/${pid}/task/${thread}/sched`));
  const exact = threads.reduce((sum, each) => sum + each, 0);
  return exact > 0 ? exact : cpuSecondsInTicks(pid);
}

/** To the nanosecond, where the kernel says it; otherwise NaN. */
function threadSeconds(file: string): number {
  try {
    return Number(/^se\.sum_exec_runtime\s*:\s*([\d.]+)$/m.exec(readFileSync(file, 'latin1'))?.[1]) / 1000;
  } catch {
    return Number.NaN;
  }
}

function cpuSecondsInTicks(pid: number): number {
  // The name, in brackets, may hold spaces; the fields after it start with the third of proc(5).
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory of a process in megabytes (10⁶ bytes); `files` is the part that pages of mapped files make up. */
export function residentMegabytes(pid: number): { all: number; files: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const field = (name: string) => (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6;
  return { all: field('VmRSS'), files: field('RssFile') };
}
