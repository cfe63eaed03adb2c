'use strict';
// POST /cart {"item": 7, "price": 107}: adds shipping and gives the total.
const { serve } = require('./service.js');

const shipping = 5;

serve('cart', 5082, async (method, path, body) => {
  if (method !== 'POST' || path !== '/cart' || typeof body?.price !== 'number') {
    return [404, { error: 'POST /cart {"item": 1, "price": 100}' }];
  }
  return [200, { item: body.item, total: body.price + shipping }];
});
