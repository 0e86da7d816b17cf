import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Takes the description that ffmpeg would read, and says that an RTMP server takes more and more of the stream. */
const LIVE = String.raw`cat > /dev/null
while bytes=$((bytes + 9999)); do printf 'frame=9\ntotal_size=%s\n' $bytes; sleep 0.2; done`;

/** A program in place of ffmpeg, which sends nothing, with a port that stands for the RTMP server. */
export class FakeFfmpeg {
  /** Its path. */
  program = '';
  #folder = '';
  readonly #server: Server = createServer((socket) => socket.on('error', () => undefined));

  /** @param work what it does, as a shell has it */
  async start(work = LIVE): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'ffmpeg-'));
    this.program = join(this.#folder, 'ffmpeg');
    await writeFile(this.program, `#!/bin/sh\necho $$ >> ${this.#folder}/pids\n${work}\n`, { mode: 0o755 });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** The RTMP application that streams may be sent to. */
  get application(): string {
    return `rtmp://127.0.0.1:${(this.#server.address() as AddressInfo).port}/live`;
  }

  /** The processes that have been started so far. */
  async all(): Promise<number[]> {
    const pids = await readFile(join(this.#folder, 'pids'), 'utf8').catch(() => '');
    return pids.split('\n').filter(Boolean).map(Number);
  }

  /** Those that are still there. */
  async running(): Promise<number[]> {
    return (await this.all()).filter((pid) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    });
  }

  async end(): Promise<void> {
    this.#server.close();
    for (const pid of await this.running()) process.kill(pid, 'SIGKILL');
    await rm(this.#folder, { recursive: true });
  }
}
