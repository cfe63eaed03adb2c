using System.Text;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Tests.Messages;
using Gantry.Protocol.Wire;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gantry.Protocol.Tests.Otlp;

/// <summary>The schema table and the contract that Google's compiler read must be one.</summary>
public sealed class SchemaTests
{
    private static readonly string[] Signals = [nameof(OtlpSchema.Traces), nameof(OtlpSchema.Metrics), nameof(OtlpSchema.Logs)];

    public static TheoryData<string> Requests => [.. Signals];

    [Theory]
    [MemberData(nameof(Requests))]
    public void Every_message_and_field_of_the_table_equals_the_contract(string request)
    {
        var (schema, descriptor) = Of(request);
        var seen = new Dictionary<MessageDescriptor, MessageSchema>();

        Same(schema, descriptor, seen);

        Assert.True(seen.Count >= 11, $"only {seen.Count} messages");
    }

    [Fact]
    public void Every_message_of_the_contract_is_in_the_table_except_the_answers()
    {
        var seen = new Dictionary<MessageDescriptor, MessageSchema>();
        foreach (var request in Signals)
        {
            var (schema, descriptor) = Of(request);
            Same(schema, descriptor, seen);
        }

        var all = Theirs.OtlpReflection.Descriptor.MessageTypes.SelectMany(type => type.NestedTypes.Prepend(type)).Select(type => type.Name);
        Assert.Equal(["ExportServiceResponse", "PartialSuccess", "RpcAny", "RpcStatus"], all.Except(seen.Keys.Select(type => type.Name)).Order());
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void Valid_requests_of_every_signal_are_accepted(string request)
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var fill = new RandomMessage(random);
            IMessage message = request switch
            {
                nameof(OtlpSchema.Traces) => fill.Next<Theirs.ExportTraceServiceRequest>(),
                nameof(OtlpSchema.Metrics) => fill.Next<Theirs.ExportMetricsServiceRequest>(),
                _ => fill.Next<Theirs.ExportLogsServiceRequest>(),
            };
            var bytes = seed % 4 == 0 ? message.ToByteArray() : Rearranged.Bytes(message, random);
            message.Descriptor.Parser.ParseFrom(bytes);

            var fault = SchemaValidator.Validate(Of(request).Schema, bytes);

            Assert.True(fault is null, $"seed {seed}: {fault?.Describe()}");
        }
    }

    [Fact]
    public void Fault_names_the_path_and_the_reason()
    {
        var good = TraceScanTests.Field(2, TraceScanTests.Field(5, "ok"u8));
        var bad = TraceScanTests.Field(2, TraceScanTests.Field(5, [0xFF]));
        var request = TraceScanTests.Field(1, TraceScanTests.Field(2, [.. good, .. good, .. bad]));

        var fault = SchemaValidator.Validate(OtlpSchema.Traces, request);

        Assert.Equal(new SchemaFault(WireError.InvalidUtf8, "resource_spans[0].scope_spans[0].spans[2].name"), fault);
        Assert.Equal("resource_spans[0].scope_spans[0].spans[2].name: the text is not UTF-8", fault!.Describe());
    }

    [Theory]
    [InlineData("0A", WireError.Truncated, "resource_spans[0]: the bytes end in the middle of a value")]
    [InlineData("8A", WireError.Truncated, "ExportTraceServiceRequest: the bytes end in the middle of a value")]
    [InlineData("0A05", WireError.LengthPastEnd, "resource_spans[0]: a length reaches past the end of the message around it")]
    [InlineData("0B", WireError.BadTag, "ExportTraceServiceRequest: a tag names no field or no wire type")]
    [InlineData("0A01A8", WireError.Truncated, "resource_spans[0]: the bytes end in the middle of a value")]
    [InlineData("98069898989898989898989898", WireError.VarintTooLong, "field 99: a varint is longer than ten bytes")]
    public void Fault_of_each_kind_is_described(string hex, WireError error, string text)
    {
        var fault = SchemaValidator.Validate(OtlpSchema.Traces, Convert.FromHexString(hex));

        Assert.Equal(error, fault?.Error);
        Assert.Equal(text, fault!.Describe());
    }

    [Theory]
    [InlineData("packed fixed64 of 7 bytes", "32 07 00000000000000", false)]
    [InlineData("packed fixed64 of 4 bytes", "32 04 00000000", false)]
    [InlineData("packed fixed64 of 12 bytes", "32 0C 000000000000000000000000", false)]
    [InlineData("packed fixed64 of 8 bytes", "32 08 0000000000000000", true)]
    [InlineData("one fixed64, not packed", "31 0000000000000000", true)]
    [InlineData("packed double of 9 bytes", "3A 09 000000000000000000", false)]
    public void Packed_lists_end_where_their_last_element_ends(string what, string hex, bool valid)
    {
        var point = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var histogram = TraceScanTests.Field(9, TraceScanTests.Field(1, point));
        var request = TraceScanTests.Field(1, TraceScanTests.Field(2, TraceScanTests.Field(2, histogram)));

        Assert.True(valid == SchemaValidator.IsValid(OtlpSchema.Metrics, request), what);
        Assert.Equal(valid, Record.Exception(() => Theirs.ExportMetricsServiceRequest.Parser.ParseFrom(request)) is null);
    }

    internal static (MessageSchema Schema, MessageDescriptor Descriptor) Of(string request) => request switch
    {
        nameof(OtlpSchema.Traces) => (OtlpSchema.Traces, Theirs.ExportTraceServiceRequest.Descriptor),
        nameof(OtlpSchema.Metrics) => (OtlpSchema.Metrics, Theirs.ExportMetricsServiceRequest.Descriptor),
        _ => (OtlpSchema.Logs, Theirs.ExportLogsServiceRequest.Descriptor),
    };

    private static void Same(MessageSchema ours, MessageDescriptor theirs, Dictionary<MessageDescriptor, MessageSchema> seen)
    {
        if (!seen.TryAdd(theirs, ours))
        {
            return;
        }

        Assert.Equal(theirs.Name, ours.Name);
        Assert.Equal(
            theirs.Fields.InFieldNumberOrder().Select(Describe),
            ours.Fields.OrderBy(field => field.Number).Select(Describe));
        foreach (var field in ours.Fields.Where(field => field.Message is not null))
        {
            Same(field.Message!, theirs.FindFieldByNumber(field.Number).MessageType, seen);
        }
    }

    private static string Describe(FieldDescriptor field) =>
        $"{field.FieldNumber} {field.Name} {field.JsonName} {KindOf(field)} {(field.FieldType == FieldType.Message ? field.MessageType.Name : "")} repeated={field.IsRepeated} present={field is { FieldType: not FieldType.Message, HasPresence: true }}";

    private static string Describe(FieldSchema field) =>
        $"{field.Number} {field.Name} {Encoding.UTF8.GetString(field.JsonName)} {field.Kind} {field.Message?.Name} repeated={field.Repeated} present={field.Present}";

    private static FieldKind KindOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => FieldKind.String,
        FieldType.Bytes => field.Name.EndsWith("_id", StringComparison.Ordinal) ? FieldKind.Id : FieldKind.Bytes,
        FieldType.Bool => FieldKind.Bool,
        FieldType.Int32 or FieldType.UInt32 => FieldKind.Int32,
        FieldType.SInt32 => FieldKind.SInt32,
        FieldType.Int64 => FieldKind.Int64,
        FieldType.UInt64 => FieldKind.UInt64,
        FieldType.Fixed32 => FieldKind.Fixed32,
        FieldType.Fixed64 => FieldKind.Fixed64,
        FieldType.SFixed64 => FieldKind.SFixed64,
        FieldType.Double => FieldKind.Double,
        FieldType.Message => FieldKind.Message,
        _ => throw new NotSupportedException(field.FullName),
    };
}
