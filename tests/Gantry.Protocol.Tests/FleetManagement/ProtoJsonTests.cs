using System.Buffers;
using System.Text;
using Gantry.Protocol.FleetManagement;
using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.Tests.FleetManagement;

public sealed class ProtoJsonTests
{
    [Theory]
    [InlineData("""{"collector":5}""", "collector: expected an object, this is 5")]
    [InlineData("""{"collector":{"remoteAttributes":{"team":5}}}""", "collector.remoteAttributes.team: expected a string, this is 5")]
    [InlineData("""{"collector":{"remote_attributes":{"team":null}}}""", "collector.remoteAttributes.team: expected a string, this is null")]
    [InlineData("""{"collector":{"enabled":"yes"}}""", "collector.enabled: expected true or false, this is \"yes\"")]
    [InlineData("""{"collector":{"createdAt":"today"}}""", "collector.createdAt: expected a time as 2026-11-22T12:00:00Z, this is \"today\"")]
    [InlineData("""{"collector":{"createdAt":"2026-02-30T12:00:00Z"}}""", "collector.createdAt: expected a time as 2026-11-22T12:00:00Z, this is \"2026-02-30T12:00:00Z\"")]
    [InlineData("""{"collector":{"collectorType":"ALLOY"}}""", "collector.collectorType: expected one of COLLECTOR_TYPE_UNSPECIFIED, COLLECTOR_TYPE_ALLOY, COLLECTOR_TYPE_OTEL, this is \"ALLOY\"")]
    [InlineData("""{"collector":{"collectorType":1.5}}""", "collector.collectorType: expected one of COLLECTOR_TYPE_UNSPECIFIED, COLLECTOR_TYPE_ALLOY, COLLECTOR_TYPE_OTEL, this is 1.5")]
    [InlineData("""{"collector":{"remoteAttributes":{},"remote_attributes":{}}}""", "collector.remoteAttributes: is there twice; write remoteAttributes or remote_attributes, once")]
    [InlineData("""{"collector":{"id":"\ud800"}}""", "collector.id: expected a string of whole characters, this is \"\\ud800\"")]
    [InlineData("""{"collector":{"remoteAttributes":{"\ud800":"x"}}}""", "a name holds half a character")]
    [InlineData("[]", "expected an object, this is []")]
    public void What_is_wrong_is_named_with_its_field_and_value(string json, string problem)
    {
        Assert.Null(ProtoJson.TryRead<CollectorRequest>(Encoding.UTF8.GetBytes(json), out var error));
        Assert.Equal(problem, error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"collector":{},"collector":{}}""")]
    [InlineData("{} {}")]
    public void What_is_no_JSON_is_refused(string json)
    {
        Assert.Null(ProtoJson.TryRead<CollectorRequest>(Encoding.UTF8.GetBytes(json), out var error));
        Assert.StartsWith("not JSON: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var json = string.Concat("""{"pipeline":{"metadata":{"a":""", new string('[', 100_000));

        Assert.Null(ProtoJson.TryRead<PipelineRequest>(Encoding.UTF8.GetBytes(json), out var error));
        Assert.StartsWith("not JSON: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_of_lists_are_named_by_number()
    {
        Assert.Null(ProtoJson.TryRead<BulkUpdateCollectorsRequest>("""{"ids":["a"],"ops":[{"op":"ADD"},{"op":"PUT"}]}"""u8.ToArray(), out var error));
        Assert.Equal("ops.1.op: expected one of UNKNOWN, ADD, REMOVE, REPLACE, MOVE, COPY, this is \"PUT\"", error);
    }

    [Fact]
    public void Unknown_names_and_nulls_are_passed_over()
    {
        var read = ProtoJson.TryRead<CollectorRequest>("""{"future":[1,{}],"collector":{"id":"a","name":null,"enabled":null}}"""u8.ToArray(), out _)!;

        Assert.Equal("a", read.Collector!.Id);
        Assert.Null(read.Collector.Enabled);
    }

    [Theory]
    [InlineData("+/+/")]
    [InlineData("-_-_")]
    [InlineData("+/8=")]
    [InlineData("-_8")]
    public void Bytes_are_base64_of_either_alphabet(string text)
    {
        var read = ProtoJson.TryRead<AgentConfigFile>(Encoding.UTF8.GetBytes($$"""{"body":"{{text}}"}"""), out var error);

        Assert.True(read is not null, error);
        Assert.Equal([0xFB, 0xFF], read.Body[..2]);
    }

    [Theory]
    [InlineData("2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z")]
    [InlineData("2026-11-22T14:00:00.5+02:00", "2026-11-22T12:00:00.500Z")]
    [InlineData("2026-11-22T12:00:00.000001Z", "2026-11-22T12:00:00.000001Z")]
    [InlineData("1969-12-31T23:59:59.123456789Z", "1969-12-31T23:59:59.123456789Z")]
    public void Times_are_RFC_3339(string given, string written)
    {
        Assert.True(Timestamp.TryParse(given, out var time));
        Assert.Equal(written, time.ToString());
    }

    [Fact]
    public void An_error_of_Connect_is_code_and_message()
    {
        var text = new ArrayBufferWriter<byte>();
        ProtoJson.Write(new ConnectError(ConnectCode.NotFound, "no collector \"a\""), text);

        Assert.Equal("""{"code":"not_found","message":"no collector \"a\""}""", Encoding.UTF8.GetString(text.WrittenSpan));
        Assert.Equal(new ConnectError(ConnectCode.NotFound, "no collector \"a\""), ProtoJson.TryRead<ConnectError>(text.WrittenMemory, out _));
        Assert.Equal(404, ConnectCode.NotFound.HttpStatus());
    }
}
