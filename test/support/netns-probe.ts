/** A process that shows what gets through between two networks: an echo on the server's side, questions on the client's. */
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

/** What a client asks of its probe: its addresses, or for what is sent once and answered within `patience` milliseconds or not. */
export type Question = 'addresses' | { by: 'udp' | 'tcp'; patience: number; from?: string };

const PORT = 9000;
const server = process.env['NETNS_HOST'] ?? '';

const tell = (message: unknown) => void process.send?.(message, undefined, {}, () => undefined);

function askByUdp(patience: number, from?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (isAnswered: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(isAnswered);
    };
    const timer = setTimeout(() => end(false), patience);
    socket.once('message', () => end(true));
    socket.once('error', () => end(false));
    socket.bind(0, from, () => socket.send('?', PORT, server, (error) => error && end(false)));
  });
}

function askByTcp(patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(PORT, server);
    const end = (isAnswered: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isAnswered);
    };
    const timer = setTimeout(() => end(false), patience);
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function addresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((entries) =>
    (entries ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
  );
}

async function answer(question: Question): Promise<unknown> {
  if (question === 'addresses') return addresses();
  const { by, patience, from } = question;
  return by === 'udp' ? askByUdp(patience, from) : askByTcp(patience);
}

if (process.env['NETNS_SIDE'] === 'server') {
  const echo = createSocket('udp4').on('message', (message, { port, address }) => echo.send(message, port, address));
  echo.bind(PORT, server, () => createServer().listen(PORT, server, () => tell('ready')));
} else {
  process.on('message', (question: Question) => void answer(question).then(tell));
  tell('ready');
}
process.once('disconnect', () => process.exit(0));
