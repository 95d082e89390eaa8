/**
 * Node's own HTTP module. An `import` would read all its exports and so load its WebSocket client, which would take a
 * tenth of the server's start.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');
