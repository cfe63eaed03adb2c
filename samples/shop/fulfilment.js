'use strict';
// Takes paid orders from the queue at ORDERS_URL and packs them. GET /packed gives how many.
const { serve } = require('./service.js');
const { take } = require('./orders.js');

let packed = 0;

take(process.env.ORDERS_URL ?? 'amqp://127.0.0.1:5672', (order) => {
  if (typeof order?.order !== 'string') {
    throw new Error('an order has to have a number');
  }
  packed++;
  process.stdout.write(`access fulfilment TAKE orders ${order.order}\n`);
}).then(
  () => serve('fulfilment', 5085, async (method, path) => (method === 'GET' && path === '/packed' ? [200, { packed }] : [404, { error: 'GET /packed' }])),
  (error) => {
    process.stderr.write(`no queue: ${error.message}\n`);
    process.exit(1);
  });
