'use strict';
// GET /items/{id}: 40 items. Every 20th is sold out, and the record of every 40th is broken, so that errors are there to be found.
const { serve } = require('./service.js');

serve('catalog', 5081, async (method, path) => {
  const id = Number(/^\/items\/(\d+)$/.exec(path)?.[1]);
  if (method !== 'GET' || !(id >= 1)) {
    return [404, { error: 'GET /items/1' }];
  }
  if (id % 40 === 0) {
    throw new Error(`item ${id}: the price is missing`);
  }
  return [200, { id, price: 100 + id, stock: id % 20 === 0 ? 0 : 5 }];
});
