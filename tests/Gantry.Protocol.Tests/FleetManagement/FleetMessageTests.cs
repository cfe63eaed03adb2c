using System.Buffers;
using System.Text;
using Gantry.Protocol.FleetManagement;
using Gantry.Protocol.FleetManagement.Fields;
using Gantry.Protocol.Tests.Messages;
using Gantry.Protocol.Wire;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gantry.Protocol.Tests.FleetManagement;

/// <summary>Every message of the two contracts, held against the official library: as bytes and as JSON, both ways.</summary>
public sealed class FleetMessageTests
{
    private const int Seeds = 300;

    private static readonly JsonFormatter Camel = new(JsonFormatter.Settings.Default);
    private static readonly JsonFormatter Snake = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatEnumsAsIntegers(true));

    public static TheoryData<string> Messages => [.. Pairs.Keys];

    /// <summary>By the name in the contract: each of ours that stands for it.</summary>
    private static Dictionary<string, (Func<int, IMessage> Make, Func<ReadOnlyMemory<byte>, IWireMessage?> Read, Func<string, (IWireMessage? Message, string Error)> ReadJson)> Pairs { get; } = new()
    {
        [nameof(TheirFleet.GetConfigRequest)] = Pair<TheirFleet.GetConfigRequest, GetConfigRequest>(),
        [nameof(TheirFleet.GetConfigResponse)] = Pair<TheirFleet.GetConfigResponse, GetConfigResponse>(),
        [nameof(TheirFleet.RegisterCollectorRequest)] = Pair<TheirFleet.RegisterCollectorRequest, RegisterCollectorRequest>(),
        [nameof(TheirFleet.RegisterCollectorResponse)] = Pair<TheirFleet.RegisterCollectorResponse, EmptyMessage>(),
        [nameof(TheirFleet.UnregisterCollectorRequest)] = Pair<TheirFleet.UnregisterCollectorRequest, IdMessage>(),
        [nameof(TheirFleet.UnregisterCollectorResponse)] = Pair<TheirFleet.UnregisterCollectorResponse, EmptyMessage>(),
        [nameof(TheirFleet.RemoteConfigStatus)] = Pair<TheirFleet.RemoteConfigStatus, RemoteConfigStatus>(),
        [nameof(TheirFleet.EffectiveConfig)] = Pair<TheirFleet.EffectiveConfig, EffectiveConfig>(),
        [nameof(TheirFleet.AgentConfigMap)] = Pair<TheirFleet.AgentConfigMap, AgentConfigMap>(),
        [nameof(TheirFleet.AgentConfigFile)] = Pair<TheirFleet.AgentConfigFile, AgentConfigFile>(),
        [nameof(TheirFleet.Collector)] = Pair<TheirFleet.Collector, Collector>(),
        [nameof(TheirFleet.Collectors)] = Pair<TheirFleet.Collectors, Collectors>(),
        [nameof(TheirFleet.GetCollectorRequest)] = Pair<TheirFleet.GetCollectorRequest, IdMessage>(),
        [nameof(TheirFleet.ListCollectorsRequest)] = Pair<TheirFleet.ListCollectorsRequest, ListCollectorsRequest>(),
        [nameof(TheirFleet.CreateCollectorRequest)] = Pair<TheirFleet.CreateCollectorRequest, CollectorRequest>(),
        [nameof(TheirFleet.UpdateCollectorRequest)] = Pair<TheirFleet.UpdateCollectorRequest, CollectorRequest>(),
        [nameof(TheirFleet.DeleteCollectorRequest)] = Pair<TheirFleet.DeleteCollectorRequest, IdMessage>(),
        [nameof(TheirFleet.DeleteCollectorResponse)] = Pair<TheirFleet.DeleteCollectorResponse, EmptyMessage>(),
        [nameof(TheirFleet.Operation)] = Pair<TheirFleet.Operation, Operation>(),
        [nameof(TheirFleet.BulkUpdateCollectorsRequest)] = Pair<TheirFleet.BulkUpdateCollectorsRequest, BulkUpdateCollectorsRequest>(),
        [nameof(TheirFleet.BulkUpdateCollectorsResponse)] = Pair<TheirFleet.BulkUpdateCollectorsResponse, EmptyMessage>(),
        [nameof(TheirFleet.BulkDeleteCollectorsRequest)] = Pair<TheirFleet.BulkDeleteCollectorsRequest, IdsMessage>(),
        [nameof(TheirFleet.BulkDeleteCollectorsResponse)] = Pair<TheirFleet.BulkDeleteCollectorsResponse, EmptyMessage>(),
        [nameof(TheirFleet.ListCollectorAttributesRequest)] = Pair<TheirFleet.ListCollectorAttributesRequest, EmptyMessage>(),
        [nameof(TheirFleet.ListCollectorAttributesResponse)] = Pair<TheirFleet.ListCollectorAttributesResponse, ListCollectorAttributesResponse>(),
        [nameof(TheirFleet.Attributes)] = Pair<TheirFleet.Attributes, AttributeValues>(),
        [nameof(TheirFleet.Value)] = Pair<TheirFleet.Value, AttributeValue>(),
        [nameof(TheirFleet.Pipeline)] = Pair<TheirFleet.Pipeline, Pipeline>(),
        [nameof(TheirFleet.PipelineSource)] = Pair<TheirFleet.PipelineSource, PipelineSource>(),
        [nameof(TheirFleet.Pipelines)] = Pair<TheirFleet.Pipelines, Pipelines>(),
        [nameof(TheirFleet.GetPipelineRequest)] = Pair<TheirFleet.GetPipelineRequest, PipelineIdRequest>(),
        [nameof(TheirFleet.GetPipelineIDRequest)] = Pair<TheirFleet.GetPipelineIDRequest, PipelineNameRequest>(),
        [nameof(TheirFleet.GetPipelineIDResponse)] = Pair<TheirFleet.GetPipelineIDResponse, IdMessage>(),
        [nameof(TheirFleet.ListPipelinesRequest)] = Pair<TheirFleet.ListPipelinesRequest, ListPipelinesRequest>(),
        [nameof(TheirFleet.CreateAlloyPipelinesRequest)] = Pair<TheirFleet.CreateAlloyPipelinesRequest, CreateAlloyPipelinesRequest>(),
        [nameof(TheirFleet.CreateAlloyPipelinesResponse)] = Pair<TheirFleet.CreateAlloyPipelinesResponse, CreateAlloyPipelinesResponse>(),
        [nameof(TheirFleet.CreatePipelineRequest)] = Pair<TheirFleet.CreatePipelineRequest, PipelineRequest>(),
        [nameof(TheirFleet.UpdatePipelineRequest)] = Pair<TheirFleet.UpdatePipelineRequest, PipelineRequest>(),
        [nameof(TheirFleet.UpsertPipelineRequest)] = Pair<TheirFleet.UpsertPipelineRequest, PipelineRequest>(),
        [nameof(TheirFleet.DeletePipelineRequest)] = Pair<TheirFleet.DeletePipelineRequest, PipelineIdRequest>(),
        [nameof(TheirFleet.DeletePipelineResponse)] = Pair<TheirFleet.DeletePipelineResponse, EmptyMessage>(),
        [nameof(TheirFleet.BulkDeletePipelinesRequest)] = Pair<TheirFleet.BulkDeletePipelinesRequest, IdsMessage>(),
        [nameof(TheirFleet.BulkDeletePipelinesResponse)] = Pair<TheirFleet.BulkDeletePipelinesResponse, EmptyMessage>(),
        [nameof(TheirFleet.PipelineRevision)] = Pair<TheirFleet.PipelineRevision, PipelineRevision>(),
        [nameof(TheirFleet.PipelineRevisions)] = Pair<TheirFleet.PipelineRevisions, PipelineRevisions>(),
        [nameof(TheirFleet.ListPipelinesRevisionsRequest)] = Pair<TheirFleet.ListPipelinesRevisionsRequest, EmptyMessage>(),
        [nameof(TheirFleet.ListPipelineRevisionsRequest)] = Pair<TheirFleet.ListPipelineRevisionsRequest, IdMessage>(),
        [nameof(TheirFleet.GetPipelineRevisionRequest)] = Pair<TheirFleet.GetPipelineRevisionRequest, RevisionIdRequest>(),
        [nameof(TheirFleet.SyncPipelinesRequest)] = Pair<TheirFleet.SyncPipelinesRequest, SyncPipelinesRequest>(),
        [nameof(TheirFleet.SyncPipelinesResponse)] = Pair<TheirFleet.SyncPipelinesResponse, EmptyMessage>(),
    };

    [Fact]
    public void Every_message_of_the_contracts_has_a_pair()
    {
        var declared = TheirFleet.CollectorReflection.Descriptor.MessageTypes.Concat(TheirFleet.PipelineReflection.Descriptor.MessageTypes);

        Assert.Equal(declared.Select(type => type.Name).Order(StringComparer.Ordinal), Pairs.Keys.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Messages))]
    public void As_bytes_theirs_is_read_by_us_and_ours_by_them(string name)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var message = Pairs[name].Make(seed);
            var bytes = seed % 3 == 0 ? message.ToByteArray() : Rearranged.Bytes(message, new Random(seed));

            var ours = Pairs[name].Read(bytes);

            Assert.True(ours is not null, $"seed {seed}");
            Assert.True(Parse(message.Descriptor, bytes).Equals(Parse(message.Descriptor, ours.ToArray())), $"seed {seed}");
        }
    }

    [Theory, MemberData(nameof(Messages))]
    public void As_JSON_theirs_is_read_by_us_in_either_spelling(string name)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var message = Pairs[name].Make(seed);
            var json = (seed % 2 == 0 ? Camel : Snake).Format(message);

            var (ours, error) = Pairs[name].ReadJson(json);

            Assert.True(ours is not null, $"seed {seed}: {error}\n{json}");
            Assert.True(message.Equals(Parse(message.Descriptor, ours.ToArray())), $"seed {seed}\n{json}");
        }
    }

    [Theory, MemberData(nameof(Messages))]
    public void As_JSON_ours_is_read_by_them(string name)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var message = Pairs[name].Make(seed);
            var ours = Pairs[name].Read(message.ToByteArray())!;
            var text = new ArrayBufferWriter<byte>();

            ProtoJson.Write((IJsonMessage)ours, text);

            var json = Encoding.UTF8.GetString(text.WrittenSpan);
            Assert.True(message.Equals(JsonParser.Default.Parse(json, message.Descriptor)), $"seed {seed}\n{json}");
        }
    }

    [Fact]
    public void Messages_cut_at_any_byte_are_refused_or_read_as_the_oracle_reads_them()
    {
        foreach (var (name, pair) in Pairs)
        {
            var message = pair.Make(1);
            var bytes = message.ToByteArray();
            for (var length = 0; length < Math.Min(bytes.Length, 2000); length++)
            {
                if (pair.Read(bytes.AsMemory(0, length)) is { } ours)
                {
                    Assert.True(Parse(message.Descriptor, bytes[..length]).Equals(Parse(message.Descriptor, ours.ToArray())), $"{name} cut at {length}");
                }
            }
        }
    }

    private static (Func<int, IMessage>, Func<ReadOnlyMemory<byte>, IWireMessage?>, Func<string, (IWireMessage?, string)>) Pair<TTheirs, TOurs>()
        where TTheirs : IMessage, new()
        where TOurs : class, IWireMessage, IJsonMessage, new() => (
            static seed => new RandomMessage(new Random(seed)).Next<TTheirs>(),
            static bytes => WireMessage.TryRead<TOurs>(bytes.Span, out _),
            static json => (ProtoJson.TryRead<TOurs>(Encoding.UTF8.GetBytes(json), out var error), error));

    /// <summary>Ours does not keep what it does not know, so theirs may not either.</summary>
    private static IMessage Parse(MessageDescriptor type, byte[] bytes) => type.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
}
