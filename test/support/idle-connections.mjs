// Opens connections to 127.0.0.1 and keeps them until stdin ends: a process of its own has file descriptors of its own.
// Arguments: port, how many. Prints how many it has opened, and at the end how many were kept.
import { connect } from 'node:net';
import process from 'node:process';

const [port, count] = process.argv.slice(2).map(Number);
// Each has sent one request, as a client that waits for its next one.
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const AT_ONCE = 250;

let kept = 0;
const open = () =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(REQUEST));
    socket.on('error', resolve).once('data', () => {
      kept += 1;
      socket.once('close', () => (kept -= 1));
      resolve();
    });
  });

for (let begun = 0; begun < count; begun += AT_ONCE) {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - begun) }, open));
}
process.stdout.write(`${kept}\n`);
process.stdin.resume().on('end', () => process.stdout.write(`${kept}\n`, () => process.exit()));
