using Gantry.Estate.Red;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Observations;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Tests;

/// <summary>What gateways and agents send, in short.</summary>
internal static class Reports
{
    public static ObservationBatch Batch(ulong sequence = 1, bool full = false, string gateway = "gateway-1") =>
        new() { GatewayId = gateway, Sequence = sequence, Full = full };

    public static ObservationBatch With(this ObservationBatch batch, params ReadOnlySpan<IWireMessage> parts)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case ServiceIdentity service:
                    batch.Services.Add(service);
                    break;
                case TelemetrySource source:
                    batch.Sources.Add(source);
                    break;
                case RedSeries red:
                    batch.Red.Add(red);
                    break;
                case HostPoint point:
                    batch.HostPoints.Add(point);
                    break;
                case SpanSkeleton span:
                    batch.Spans.Add(span);
                    if (!batch.Groups.Exists(group => group.Id == span.Group))
                    {
                        batch.Groups.Add(new SpanGroup { Id = span.Group, Service = span.Group / 8, Kind = (int)(span.Group % 8) });
                    }

                    break;
                case SpanGroup group:
                    batch.Groups.Add(group);
                    break;
                case EdgeSeries edge:
                    batch.Edges.Add(edge);
                    break;
                case ServiceFinding finding:
                    batch.Findings.Add(finding);
                    break;
                default:
                    throw new ArgumentException(part.GetType().Name);
            }
        }

        return batch;
    }

    public static ServiceIdentity Service(uint id, string name) => new() { Id = id, Name = name };

    /// <param name="buckets">Calls in the first bucket unless given.</param>
    public static RedSeries Red(uint service, ulong calls, ulong at, int kind = 2, int status = 0, string operation = "GET /", RedSource source = RedSource.Spans)
    {
        var buckets = new ulong[DurationBuckets.Count];
        buckets[1] = calls;
        return new RedSeries { Service = service, Calls = calls, LastUnixNano = at, Kind = kind, Status = status, Operation = operation, Source = source, Buckets = buckets };
    }

    /// <summary>Calls in the second bucket.</summary>
    public static EdgeSeries Edge(
        uint service, ulong calls, ulong at, PeerType type = PeerType.Address, string name = "", string system = "", string address = "", ulong failed = 0, ulong start = 1)
    {
        var buckets = new ulong[DurationBuckets.Count];
        buckets[1] = calls;
        return new EdgeSeries
        {
            Service = service, Type = type, Name = name, System = system, Address = address, Calls = calls, Failed = failed, Buckets = buckets,
            LastUnixNano = at, StartUnixNano = start,
        };
    }

    public static ServiceFinding Finding(uint service, string code, ulong count, ulong at, string example = "") =>
        new() { Service = service, Code = code, Count = count, LastUnixNano = at, Example = example };

    public static TelemetrySource Source(uint service, ulong at, params ReadOnlySpan<(string Key, string Value)> attributes)
    {
        var source = new TelemetrySource { Service = service, Signals = { new SignalSeen { Signal = Signal.Traces, Items = 1, LastUnixNano = at } } };
        foreach (var (key, value) in attributes)
        {
            source.Attributes.Add(new StringPair { Key = key, Value = value });
        }

        return source;
    }

    public static HostPoint Point(string metric, double value, ulong at, bool cumulative = false, params ReadOnlySpan<(string Key, string Value)> attributes)
    {
        var point = new HostPoint { HostId = "h1", HostName = "web-1", Metric = metric, Value = value, TimeUnixNano = at, Cumulative = cumulative };
        foreach (var (key, text) in attributes)
        {
            point.Attributes.Add(new StringPair { Key = key, Value = text });
        }

        return point;
    }

    /// <summary>Its group is made by <see cref="With"/>, where none of this number is there yet: with service and kind alone.</summary>
    public static SpanSkeleton Span(ulong trace, ulong span, ulong parent, uint service, int kind) =>
        new() { TraceHigh = 1, TraceLow = trace, Span = span, Parent = parent, Group = (service * 8) + (uint)kind };

    public static AgentToServer Agent(Guid uid, ulong sequence, params ProcessFact[] processes) => AgentOn("h1", "web-1", uid, sequence, processes);

    public static AgentToServer AgentOn(string hostId, string hostName, Guid uid, ulong sequence, params ProcessFact[] processes)
    {
        var message = new AgentToServer
        {
            InstanceUid = uid.ToByteArray(bigEndian: true),
            SequenceNum = sequence,
            Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsHealth,
            Description = new AgentDescription { Identifying = { new KeyValue("service.name", "gantry-agent") }, NonIdentifying = { new KeyValue("host.id", hostId), new KeyValue("host.name", hostName) } },
            Health = new ComponentHealth { Healthy = true },
        };
        if (processes.Length > 0)
        {
            var inventory = new ProcessInventory { HostId = hostId, HostName = hostName };
            inventory.Processes.AddRange(processes);
            message.CustomMessage = new CustomMessage { Capability = ProcessInventory.Capability, Type = ProcessInventory.MessageType, Data = inventory.ToArray() };
        }

        return message;
    }

    public static ProcessFact Process(uint pid, string name, uint port = 0, ulong started = 1, string language = "nodejs", string declared = "")
    {
        var fact = new ProcessFact { Pid = pid, DisplayName = name, StartUnixNano = started, Language = language, LanguageRule = "test", DeclaredService = declared, Executable = "/usr/bin/node", Script = name };
        if (port > 0)
        {
            fact.Listening.Add(new ListeningSocket { Address = "127.0.0.1", Port = port });
        }

        return fact;
    }
}
