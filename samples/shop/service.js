'use strict';
// What the Node.js services share: a server on loopback, JSON in and out, and one access-log line per request on stdout.
// Everything else goes to stderr, so that `wc -l` of stdout counts requests. There is no telemetry in here.
const http = require('node:http');

/**
 * @param {string} name as it stands in the access log
 * @param {number} defaultPort used when PORT is not set
 * @param {(method: string, path: string, body: any) => Promise<[number, object]>} handle gives status and body of the answer
 */
function serve(name, defaultPort, handle) {
  const port = Number(process.env.PORT ?? defaultPort);
  const server = http.createServer(async (request, response) => {
    const began = process.hrtime.bigint();
    response.on('close', () => {
      const ms = Number(process.hrtime.bigint() - began) / 1e6;
      process.stdout.write(`access ${name} ${request.method} ${request.url} ${response.statusCode} ${ms.toFixed(1)}ms\n`);
    });
    const [status, body] = await answer(request, handle);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body) + '\n');
  });
  // Longer than any pause of a caller that keeps its connection: a request never meets a closing socket.
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1', () => process.stderr.write(`${name} listens on http://127.0.0.1:${port}\n`));
}

async function answer(request, handle) {
  try {
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    return await handle(request.method, request.url, body);
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    return [500, { error: error.message }];
  }
}

async function readJson(stream) {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    if (text.length > 64 * 1024) {
      throw new Error('body too large');
    }
  }
  return text === '' ? undefined : JSON.parse(text);
}

/** One request to another service of the shop. */
function call(method, url, body) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const request = http.request(url, { method, headers }, (response) => {
      readJson(response).then((json) => resolve({ status: response.statusCode, body: json }), reject);
    });
    request.on('error', reject);
    request.end(text);
  });
}

module.exports = { serve, call };
