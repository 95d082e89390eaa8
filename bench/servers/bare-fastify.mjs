import { enableCompileCache } from 'node:module';

// The least that a server with a framework and a database does. It is plain JavaScript, so that no types have to be
// stripped, and it caches its compiled code as Ringup does.

enableCompileCache(process.env.CACHE);
const [{ default: fastify }, { default: Sqlite }] = await Promise.all([import('fastify'), import('better-sqlite3')]);

const database = new Sqlite(process.env.FILE);
database.exec('create table if not exists documents (text text)');
const select = database.prepare('select count(*) as total from documents');
const server = fastify();
server.get('/provisioning', () => select.get());
await server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
