/** A worker thread that makes batches of production's width for data-workers.ts, as a data worker of the page does. */
import { parentPort } from 'node:worker_threads';
import { openSource, TeacherCache } from '../src/data/open-source.ts';
import type { OpenOptions } from '../src/data/open-source.ts';
import { trainingSource } from '../src/training/training-source.ts';
import { serveStream } from '../src/workers/stream.ts';

const teachers = new TeacherCache();

parentPort?.once('message', ({ port, options }: { port: MessagePort; options: OpenOptions }) => {
  const source = trainingSource((at) => openSource({ ...options, at }, teachers));
  serveStream(port, source, () => port.close());
  parentPort?.postMessage(source.layout);
});
