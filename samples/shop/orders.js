'use strict';
// The queue between the storefront and the fulfilment: RabbitMQ at ORDERS_URL (amqp://127.0.0.1:5672). Without that there is no queue,
// and nothing here needs amqplib.
const queue = 'orders';

let channel;

/** Opens it once; who calls meanwhile waits for the same one. */
function open(url) {
  channel ??= connect(url);
  return channel;
}

async function connect(url) {
  const amqp = require('amqplib');
  const connection = await amqp.connect(url);
  // A shop without its queue is no shop: end, and let whoever started it start it again.
  connection.on('error', (error) => process.stderr.write(`${error.stack}\n`));
  connection.on('close', () => process.exit(1));
  const opened = await connection.createChannel();
  await opened.assertQueue(queue, { durable: true });
  return opened;
}

async function put(url, order) {
  (await open(url)).sendToQueue(queue, Buffer.from(JSON.stringify(order)), { contentType: 'application/json', persistent: true });
}

/** @param {(order: any) => void} handle an order that it throws at is thrown away */
async function take(url, handle) {
  const from = await open(url);
  await from.prefetch(16);
  await from.consume(queue, (message) => {
    if (message === null) {
      return;
    }
    try {
      handle(JSON.parse(message.content.toString()));
      from.ack(message);
    } catch (error) {
      process.stderr.write(`${error.stack}\n`);
      from.nack(message, false, false);
    }
  });
}

module.exports = { put, take };
