'use strict';
// A plain application: starts a span ten times a second and says whether it is recorded. What it does with settings is its distribution's doing.
const { trace } = require('@opentelemetry/api');
setInterval(() => {
  const span = trace.getTracer('app').startSpan('work');
  console.log(`pid=${process.pid} recording=${span.isRecording()}`);
  span.end();
}, 100);
