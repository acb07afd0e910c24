/** Steps of work that takes long enough for people to wonder: shown on a terminal's error stream once a second has passed. */
export interface Progress {
  readonly step: (what: string) => void;
  readonly done: () => void;
}

/** Milliseconds before the first line: on a small platform nothing is ever shown. */
const PATIENCE = 1000;

export function startProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const started = performance.now();
  let shown = false;
  return {
    step: (what) => {
      const elapsed = performance.now() - started;
      if (elapsed < PATIENCE && !shown) return;
      shown = true;
      const line = `… ${what} (${(elapsed / 1000).toFixed(0)} s)`;
      stream.write(stream.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
    },
    done: () => {
      if (shown && stream.isTTY) stream.write("\r\u001b[K");
    },
  };
}
