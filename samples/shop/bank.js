'use strict';
// POST /transfers {"amount": 112, "card": "…"}: moves the money.
const { randomUUID } = require('node:crypto');
const { serve } = require('./service.js');

serve('bank', 5084, async (method, path, body) => {
  if (method !== 'POST' || path !== '/transfers' || !(body?.amount > 0)) {
    return [404, { error: 'POST /transfers {"amount": 100}' }];
  }
  return [201, { transfer: randomUUID() }];
});
