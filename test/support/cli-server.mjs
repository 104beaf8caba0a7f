/**
 * Runs the built command line again and again in one process, each time as if it had just been started: with its own
 * arguments, folder, variables and standard streams. What else of a process counts, tests see in one of their own.
 */
import { Readable, Writable } from 'node:stream';

let runs = 0;

/** A standard stream that keeps what is written. */
function kept(chunks) {
  return new Writable({
    write(chunk, _, done) {
      chunks.push(Buffer.from(chunk)); // the writer may use its buffer again
      done();
    },
  });
}

function replaceStream(name, value) {
  Object.defineProperty(process, name, { value, configurable: true });
}

function setEnv(env) {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

async function serve({ main, args, cwd, stdin, env }) {
  const out = [];
  const err = [];
  replaceStream('stdin', Readable.from(stdin.length === 0 ? [] : [Buffer.from(stdin)]));
  replaceStream('stdout', kept(out));
  replaceStream('stderr', kept(err));
  setEnv(env);
  process.chdir(cwd);
  process.argv = [process.execPath, main, ...args];
  process.exitCode = undefined;
  runs += 1;
  // The program runs when its module is loaded; under another name, it is loaded anew.
  await import(`${main}?run=${runs}`);
  await new Promise((resolve) => setImmediate(resolve));
  const code = process.exitCode ?? 0;
  process.exitCode = undefined;
  // The next run may be asked for after its caller's folder is gone.
  process.chdir('/');
  return { code, stdout: Buffer.concat(out), stderr: Buffer.concat(err) };
}

process.on('disconnect', () => process.exit());
process.on('message', async (job) => process.send(await serve(job)));
