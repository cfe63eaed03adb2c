'use strict';
// POST /purchase {"item": 7, "card": "…"}: looks the item up, puts it into the cart, charges the card, and orders it where there is a queue.
const { serve, call } = require('./service.js');
const { put } = require('./orders.js');

const catalog = process.env.CATALOG_URL ?? 'http://127.0.0.1:5081';
const cart = process.env.CART_URL ?? 'http://127.0.0.1:5082';
const payments = process.env.PAYMENTS_URL ?? 'http://127.0.0.1:5083';
const orders = process.env.ORDERS_URL;

serve('storefront', 5080, async (method, path, body) => {
  if (method !== 'POST' || path !== '/purchase' || body?.item === undefined) {
    return [404, { error: 'POST /purchase {"item": 1}' }];
  }

  const item = await call('GET', `${catalog}/items/${encodeURIComponent(body.item)}`);
  if (item.status !== 200) {
    return [502, { error: 'the catalog cannot say', item: body.item }];
  }
  if (item.body.stock === 0) {
    return [409, { error: 'sold out', item: body.item }];
  }

  const line = await call('POST', `${cart}/cart`, { item: body.item, price: item.body.price });
  const receipt = await call('POST', `${payments}/charge`, { amount: line.body.total, card: body.card });
  if (receipt.status !== 200) {
    return [502, { error: 'payment failed' }];
  }
  const order = receipt.body.receipt;
  if (orders) {
    await put(orders, { order, item: item.body.id });
  }
  return [201, { order, total: line.body.total }];
});
