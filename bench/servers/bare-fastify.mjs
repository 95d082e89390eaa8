import { enableCompileCache } from 'node:module';

// A program of its own, in JavaScript as nothing has to be stripped from it: the least that a server with a framework and a
// database does. Like Ringup it keeps its compiled code.

enableCompileCache(process.env.CACHE);
const [{ default: fastify }, { default: Sqlite }] = await Promise.all([import('fastify'), import('better-sqlite3')]);

const database = new Sqlite(process.env.FILE);
database.exec('create table if not exists documents (text text)');
const select = database.prepare('select count(*) as total from documents');
const server = fastify();
server.get('/provisioning', () => select.get());
await server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
