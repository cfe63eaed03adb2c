using Gantry.Protocol.Inventory;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Otlp.Json;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Tests.Inventory;
using Gantry.Protocol.Tests.OpAmp;
using Gantry.Protocol.Tests.Otlp;
using Gantry.Protocol.Wire;
using Google.Protobuf;
using Fleet = Gantry.Protocol.FleetManagement;

namespace Gantry.Protocol.Tests.Fuzz;

/// <returns>Whether the input was accepted. A broken promise throws.</returns>
internal delegate bool FuzzTarget(ReadOnlySpan<byte> input);

/// <summary>
/// One method over a span for each door that bytes of strangers come through, each with an oracle that can say "wrong", not only "it crashed".
/// A folder and not a project of its own: the targets are made of the comparers that the tests beside them use.
/// </summary>
internal static class FuzzTargets
{
    public static IReadOnlyDictionary<string, FuzzTarget> All { get; } = new Dictionary<string, FuzzTarget>
    {
        [nameof(Traces)] = Traces,
        [nameof(Metrics)] = Metrics,
        [nameof(Logs)] = Logs,
        [nameof(AgentToServer)] = AgentToServer,
        [nameof(ServerToAgent)] = ServerToAgent,
        [nameof(Inventory)] = Inventory,
        [nameof(OtlpJson)] = OtlpJson,
        [nameof(FleetGetConfig)] = FleetGetConfig,
        [nameof(FleetSyncPipelines)] = FleetSyncPipelines,
        [nameof(FleetJson)] = FleetJson,
    };

    private static readonly MessageParser<TheirOpAmp.AgentToServer> AgentParser = TheirOpAmp.AgentToServer.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<TheirOpAmp.ServerToAgent> ServerParser = TheirOpAmp.ServerToAgent.Parser.WithDiscardUnknownFields(true);

    /// <summary>Scanner, validator and oracle: the first two accept the same, and what they accept all three read the same.</summary>
    public static bool Traces(ReadOnlySpan<byte> input)
    {
        var seen = SeenRequest.Scan(input);
        var fault = SchemaValidator.Validate(OtlpSchema.Traces, input);
        Assert.True(seen is not null == fault is null, $"scanner: {(seen is null ? "refused" : "accepted")}, validator: {fault?.Describe() ?? "accepted"}");
        seen?.AssertEquals(Theirs.ExportTraceServiceRequest.Parser.ParseFrom(input));
        JustlyRefused(fault, Theirs.ExportTraceServiceRequest.Parser, input);
        return seen is not null;
    }

    public static bool Metrics(ReadOnlySpan<byte> input) => Validated(OtlpSchema.Metrics, Theirs.ExportMetricsServiceRequest.Parser, input);

    public static bool Logs(ReadOnlySpan<byte> input) => Validated(OtlpSchema.Logs, Theirs.ExportLogsServiceRequest.Parser, input);

    public static bool AgentToServer(ReadOnlySpan<byte> input)
    {
        var ours = WireMessage.TryRead<AgentToServer>(input, out _);
        if (ours is null)
        {
            return false;
        }

        var theirs = OpAmpMirror.Complete(AgentParser.ParseFrom(input));
        Assert.Equal(theirs, OpAmpMirror.Mirror(ours));
        Assert.Equal(theirs, OpAmpMirror.Complete(AgentParser.ParseFrom(ours.ToArray())));
        return true;
    }

    public static bool ServerToAgent(ReadOnlySpan<byte> input)
    {
        var ours = WireMessage.TryRead<ServerToAgent>(input, out _);
        if (ours is null)
        {
            return false;
        }

        var theirs = OpAmpMirror.Complete(ServerParser.ParseFrom(input));
        Assert.Equal(theirs, OpAmpMirror.Mirror(ours));
        Assert.Equal(theirs, OpAmpMirror.Complete(ServerParser.ParseFrom(ours.ToArray())));
        return true;
    }

    public static bool FleetGetConfig(ReadOnlySpan<byte> input) => SameAs<Fleet.GetConfigRequest>(TheirFleet.GetConfigRequest.Parser, input);

    public static bool FleetSyncPipelines(ReadOnlySpan<byte> input) => SameAs<Fleet.SyncPipelinesRequest>(TheirFleet.SyncPipelinesRequest.Parser, input);

    /// <summary>Any text is read or refused in words; what was read is, as bytes, what the oracle reads, and written and read again the same.</summary>
    public static bool FleetJson(ReadOnlySpan<byte> input)
    {
        var config = SameJson<Fleet.GetConfigRequest>(TheirFleet.GetConfigRequest.Parser, input);
        var sync = SameJson<Fleet.SyncPipelinesRequest>(TheirFleet.SyncPipelinesRequest.Parser, input);
        return config && sync;
    }

    /// <summary>A contract of our own has no oracle but itself: what was read, written and read again is the same.</summary>
    public static bool Inventory(ReadOnlySpan<byte> input)
    {
        var first = WireMessage.TryRead<ProcessInventory>(input, out var error);
        Assert.Equal(first is null, error != WireError.None);
        if (first is null)
        {
            return false;
        }

        var second = WireMessage.TryRead<ProcessInventory>(first.ToArray(), out _);
        Assert.NotNull(second);
        ProcessInventoryTests.Same(first, second);
        return true;
    }

    /// <summary>Any text is transcoded or refused in words; what was transcoded is a valid request to the validator and to the oracle.</summary>
    public static bool OtlpJson(ReadOnlySpan<byte> input)
    {
        var traces = Transcoded(OtlpSchema.Traces, Theirs.ExportTraceServiceRequest.Parser, input);
        var metrics = Transcoded(OtlpSchema.Metrics, Theirs.ExportMetricsServiceRequest.Parser, input);
        var logs = Transcoded(OtlpSchema.Logs, Theirs.ExportLogsServiceRequest.Parser, input);
        return traces && metrics && logs;
    }

    private static bool SameAs<T>(MessageParser parser, ReadOnlySpan<byte> input)
        where T : class, IWireMessage, new()
    {
        if (WireMessage.TryRead<T>(input, out _) is not { } ours)
        {
            return false;
        }

        var lenient = parser.WithDiscardUnknownFields(true);
        var (theirs, mine) = (lenient.ParseFrom(input), lenient.ParseFrom(ours.ToArray()));
        Settle(theirs);
        Settle(mine);
        Assert.Equal(theirs, mine);
        return true;
    }

    /// <summary>The null of a Struct may have any number on the wire, and is null to both.</summary>
    private static void Settle(IMessage message)
    {
        foreach (var value in message is TheirFleet.SyncPipelinesRequest sync ? sync.Pipelines.SelectMany(pipeline => pipeline.Metadata?.Fields.Values ?? []) : [])
        {
            Settle(value);
        }
    }

    private static void Settle(Google.Protobuf.WellKnownTypes.Value value)
    {
        if (value.KindCase == Google.Protobuf.WellKnownTypes.Value.KindOneofCase.NullValue)
        {
            value.NullValue = Google.Protobuf.WellKnownTypes.NullValue.NullValue;
        }

        foreach (var inner in (value.ListValue?.Values ?? []).Concat(value.StructValue?.Fields.Values ?? []))
        {
            Settle(inner);
        }
    }

    private static bool SameJson<T>(MessageParser parser, ReadOnlySpan<byte> input)
        where T : class, IWireMessage, Fleet.Fields.IJsonMessage, new()
    {
        var ours = Fleet.ProtoJson.TryRead<T>(input.ToArray(), out var error);
        if (ours is null)
        {
            Assert.NotEmpty(error);
            return false;
        }

        var text = new System.Buffers.ArrayBufferWriter<byte>();
        Fleet.ProtoJson.Write(ours, text);
        var again = Fleet.ProtoJson.TryRead<T>(text.WrittenMemory.ToArray(), out var second);
        Assert.True(again is not null, $"{second}: {System.Text.Encoding.UTF8.GetString(text.WrittenSpan)}");
        Assert.Equal(parser.ParseFrom(ours.ToArray()), parser.ParseFrom(again.ToArray()));
        return true;
    }

    private static bool Validated(MessageSchema schema, MessageParser parser, ReadOnlySpan<byte> input)
    {
        var fault = SchemaValidator.Validate(schema, input);
        if (fault is null)
        {
            parser.ParseFrom(input);
        }

        JustlyRefused(fault, parser, input);
        return fault is null;
    }

    private static bool Transcoded(MessageSchema schema, MessageParser parser, ReadOnlySpan<byte> input)
    {
        using var writer = new ProtoWriter();
        var fault = Gantry.Protocol.Otlp.Json.OtlpJson.Transcode(schema, input, writer);
        if (fault is not null)
        {
            Assert.NotEmpty(fault);
            return false;
        }

        Assert.Null(SchemaValidator.Validate(schema, writer.Written)?.Describe());
        parser.ParseFrom(writer.Written);
        return true;
    }

    /// <summary>
    /// We are stricter than Google's parser in four ways and no more: groups and overlong tags, text that is not UTF-8, depth, and lengths
    /// whose upper 32 bits it cuts off.
    /// </summary>
    private static void JustlyRefused(SchemaFault? fault, MessageParser parser, ReadOnlySpan<byte> input)
    {
        if (fault?.Error is WireError.Truncated or WireError.VarintTooLong)
        {
            IMessage? theirs = null;
            try
            {
                theirs = parser.ParseFrom(input);
            }
            catch (InvalidProtocolBufferException)
            {
                // Both refuse.
            }

            Assert.True(theirs is null, $"refused though the oracle reads it: {fault.Describe()}");
        }
    }
}
