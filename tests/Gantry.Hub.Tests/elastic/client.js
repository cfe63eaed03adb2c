'use strict';
// Elastic's OpAMP client alone: says what it hears, one JSON object a line, and applies whatever it is offered.
const { createOpAMPClient, AgentCapabilities, RemoteConfigStatuses } = require('@elastic/opamp-client-node');

const say = (event, more) => console.log(JSON.stringify({ event, ...more }));
const quiet = () => {};
const client = createOpAMPClient({
  log: { trace: quiet, debug: quiet, info: quiet, warn: (...words) => say('warn', { words: String(words.map(word => word.message || JSON.stringify(word))) }), error: (...words) => say('error', { words: String(words) }) },
  endpoint: process.env.OPAMP,
  heartbeatIntervalSeconds: 0.2,
  instanceUid: process.env.UID_BYTES ? Buffer.from(process.env.UID_BYTES, 'hex') : undefined,
  capabilities: BigInt(AgentCapabilities.AgentCapabilities_AcceptsRemoteConfig) | BigInt(AgentCapabilities.AgentCapabilities_ReportsRemoteConfig),
  onMessage: ({ remoteConfig }) => {
    if (remoteConfig) {
      const hash = Buffer.from(remoteConfig.configHash).toString('hex');
      const [name, file] = Object.entries(remoteConfig.config.configMap)[0];
      const body = Buffer.from(file.body).toString('utf8');
      say('config', { hash, name, contentType: file.contentType, body });
      client.setRemoteConfigStatus({
        lastRemoteConfigHash: remoteConfig.configHash,
        status: body.includes('broken') ? RemoteConfigStatuses.RemoteConfigStatuses_FAILED : RemoteConfigStatuses.RemoteConfigStatuses_APPLIED,
        errorMessage: body.includes('broken') ? 'it is broken' : '',
      });
    }
  },
});
client.setAgentDescription({ identifyingAttributes: { 'service.name': 'cart' }, nonIdentifyingAttributes: { 'telemetry.sdk.language': 'nodejs' } });
client.start();
say('started');
// The client's own timers let a process end.
setInterval(() => {}, 1_000);
