import { readdirSync, readFileSync } from 'node:fs';

/** The value of `sysconf(_SC_CLK_TCK)` on all current Linux systems. */
const ticksPerSecond = 100;

/** Returns the CPU seconds that all threads of a process have used so far. Linux only. */
export function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => threadSeconds(`/proc/${pid}/task/${thread}/sched`));
  const exact = threads.reduce((sum, each) => sum + each, 0);
  return exact > 0 ? exact : cpuSecondsInTicks(pid);
}

/** Returns the CPU seconds of a thread to the nanosecond, or NaN if the kernel does not tell. */
function threadSeconds(file: string): number {
  try {
    return Number(/^se\.sum_exec_runtime\s*:\s*([\d.]+)$/m.exec(readFileSync(file, 'latin1'))?.[1]) / 1000;
  } catch {
    return Number.NaN;
  }
}

function cpuSecondsInTicks(pid: number): number {
  // The name, in parentheses, may contain spaces. The fields after it begin with the third one of proc(5).
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Returns the resident memory of a process in megabytes (10⁶ bytes). `files` is the part for pages of mapped files. */
export function residentMegabytes(pid: number): { all: number; files: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const field = (name: string) => (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6;
  return { all: field('VmRSS'), files: field('RssFile') };
}
