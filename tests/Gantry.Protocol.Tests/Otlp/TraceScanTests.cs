using Gantry.Protocol.Otlp;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Tests.Messages;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.Otlp;

/// <summary>EnvelopeScanner and SpanScanner against Google's parser, over valid requests.</summary>
public sealed class TraceScanTests
{
    [Fact]
    public void Requests_as_SDKs_write_them_are_read_as_the_oracle_reads_them() => ForSeeds(2_000, static (message, _) => message.ToByteArray());

    [Fact]
    public void Requests_written_in_every_legal_way_are_read_as_the_oracle_reads_them() => ForSeeds(4_000, Rearranged.Bytes);

    [Fact]
    public void A_request_cut_at_any_byte_is_refused_or_read_as_the_oracle_reads_it()
    {
        var accepted = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var fill = new RandomMessage(random) { MaxItems = 2 };
            // Requests one behind the other are one request, so that some cuts fall between blocks.
            var bytes = Enumerable.Range(0, 3).SelectMany(_ => Rearranged.Bytes(fill.Next<Theirs.ExportTraceServiceRequest>(), random)).ToArray();
            for (var length = 0; length < bytes.Length; length++)
            {
                var cut = bytes.AsSpan(0, length);
                var seen = SeenRequest.Scan(cut);
                Assert.Equal(seen is not null, SchemaValidator.IsValid(OtlpSchema.Traces, cut));
                seen?.AssertEquals(Theirs.ExportTraceServiceRequest.Parser.ParseFrom(cut));
                accepted += seen is null ? 0 : 1;
            }
        }

        Assert.True(accepted > 80, $"only {accepted} cuts were accepted: the case proves nothing");
    }

    [Fact]
    public void Resource_after_its_scopes_and_in_two_pieces_is_merged()
    {
        byte[] block =
        [
            .. Field(2, [.. Field(2, Field(5, "a"u8)), .. Field(1, Field(1, "lib"u8)), .. Field(1, Field(2, "2.0"u8))]),
            .. Field(1, Field(1, [.. Field(1, "k1"u8), .. Field(2, Field(1, "v1"u8))])),
            .. Field(1, Field(1, Field(1, "k2"u8))),
        ];

        var request = Field(1, block);
        var seen = SeenRequest.Scan(request);

        Assert.NotNull(seen);
        Assert.Equal(["k1", "k2"], Theirs.Resource.Parser.ParseFrom(seen.Resources[0].Bytes).Attributes.Select(pair => pair.Key));
        Assert.Equal(
            new Theirs.InstrumentationScope { Name = "lib", Version = "2.0" },
            Theirs.InstrumentationScope.Parser.ParseFrom(seen.Resources[0].Scopes[0].Bytes));
        seen.AssertEquals(Theirs.ExportTraceServiceRequest.Parser.ParseFrom(request));
    }

    [Fact]
    public void Resource_in_two_pieces_that_are_whole_only_together_is_refused()
    {
        // 0A is the tag of an attribute, 00 its length: each half alone is broken, and so is the request.
        var request = Field(1, [.. Field(1, [0x0A]), .. Field(1, [0x00])]);

        Assert.Throws<InvalidProtocolBufferException>(() => Theirs.ExportTraceServiceRequest.Parser.ParseFrom(request));
        Assert.False(SchemaValidator.IsValid(OtlpSchema.Traces, request));
        Assert.Null(SeenRequest.Scan(request));
    }

    [Fact]
    public void Resource_in_very_many_pieces_costs_linear_memory()
    {
        var piece = Field(1, Field(1, Field(1, new byte[100])));
        var block = Enumerable.Repeat(piece, 20_000).SelectMany(item => item).ToArray();
        var request = Field(1, block);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var seen = SeenRequest.Scan(request);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.NotNull(seen);
        Assert.InRange(allocated, 0, 4 * request.Length);
    }

    [Fact]
    public void Status_in_two_pieces_keeps_the_code_of_the_first()
    {
        var span = (byte[])[.. Field(15, [0x18, 0x02]), .. Field(15, Field(2, "boom"u8))];
        var request = Field(1, Field(2, Field(2, span)));

        var theirs = Theirs.ExportTraceServiceRequest.Parser.ParseFrom(request);

        Assert.Equal(2, theirs.ResourceSpans[0].ScopeSpans[0].Spans[0].Status.Code);
        SeenRequest.Scan(request)!.AssertEquals(theirs);
    }

    [Theory]
    [InlineData("0A 01 80", "unfinished tag inside a resource block")]
    [InlineData("0B 0C", "group")]
    [InlineData("8A 00 00", "tag of two bytes that needs one")]
    [InlineData("02 00", "field number 0")]
    [InlineData("0A 7F 00", "length past the end")]
    [InlineData("0A FF FF FF FF FF FF FF FF FF 01", "length of 2^64 - 1")]
    [InlineData("0A 80 80 80 80 80 80 80 80 80 80 00", "length of eleven bytes")]
    [InlineData("0A 06 12 04 12 02 2A 05", "name past the end of its span")]
    [InlineData("0A 07 12 05 12 03 2A 01 FF", "name that is not UTF-8")]
    [InlineData("0A 07 12 05 12 03 85 01 00", "flags cut short")]
    [InlineData("0A 09 12 07 12 05 4A 03 0A 01 C0", "attribute key that is not UTF-8")]
    [InlineData("0A 03 1A 01 FE", "schema_url that is not UTF-8")]
    public void Malformed_requests_are_refused(string hex, string why)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Assert.True(SeenRequest.Scan(bytes) is null, why);
        Assert.NotNull(SchemaValidator.Validate(OtlpSchema.Traces, bytes));
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public void Values_nested_past_64_levels_are_refused(int lists, bool accepted)
    {
        // Around the outermost AnyValue: request, resource block, scope block, span, attribute; each list adds two.
        byte[] value = Field(1, "x"u8);
        for (var i = 0; i < lists; i++)
        {
            value = Field(5, Field(1, value));
        }

        var request = Field(1, Field(2, Field(2, Field(9, Field(2, value)))));

        Assert.Equal(accepted, SeenRequest.Scan(request) is not null);
        Assert.Equal(accepted, SchemaValidator.IsValid(OtlpSchema.Traces, request));
        Assert.NotNull(Theirs.ExportTraceServiceRequest.Parser.ParseFrom(request));
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public void Pairs_whose_value_lies_past_64_levels_are_refused(int lists, bool accepted)
    {
        // Each list of pairs adds three levels; the innermost pair is as plain as can be, and at level 64 its value is at 65.
        byte[] pair = [.. Field(1, "key"u8), .. Field(2, Field(1, "text"u8))];
        for (var i = 0; i < lists; i++)
        {
            pair = Field(2, Field(6, Field(1, pair)));
        }

        var request = Field(1, Field(2, Field(2, Field(9, pair))));

        Assert.Equal(accepted, SeenRequest.Scan(request) is not null);
        Assert.Equal(accepted, SchemaValidator.IsValid(OtlpSchema.Traces, request));
    }

    [Theory]
    [InlineData("0A036B6579 12060A0474657874", "text")]
    [InlineData("0A036B6579 12020A00", "empty text")]
    [InlineData("0A036B6579 12021801", "number of one byte")]
    [InlineData("0A036B6579 120B18FFFFFFFFFFFFFFFFFF01", "number of ten bytes")]
    [InlineData("0A036B6579 12021001", "flag")]
    [InlineData("0A036B6579 120921000000000000F03F", "double")]
    [InlineData("0A00 12020A00", "nothing")]
    [InlineData("12060A0474657874 0A036B6579", "value before its key")]
    public void A_plain_attribute_with_any_one_byte_changed_inserted_or_missing_fools_nobody(string hex, string what)
    {
        var pair = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(Fuzz.FuzzTargets.Traces(Request(pair)), what);
        for (var at = 0; at < pair.Length; at++)
        {
            Fuzz.FuzzTargets.Traces(Request([.. pair[..at], .. pair[(at + 1)..]]));
            for (var value = 0; value < 256; value++)
            {
                Fuzz.FuzzTargets.Traces(Request([.. pair[..at], (byte)value, .. pair[(at + 1)..]]));
                Fuzz.FuzzTargets.Traces(Request([.. pair[..at], (byte)value, .. pair[at..]]));
            }
        }

        static byte[] Request(byte[] pair) => Field(1, Field(2, Field(2, Field(9, pair))));
    }

    [Fact]
    public void A_sink_that_says_stop_ends_the_scan()
    {
        var sink = new StopAtSecondItem();

        Assert.False(Gantry.Protocol.Otlp.EnvelopeScanner.Scan(Field(1, Field(2, [.. Field(2, []), .. Field(2, []), .. Field(2, [])])), ref sink));
        Assert.Equal(2, sink.Items);
    }

    [Fact]
    public void HasValidIds_wants_16_and_8_bytes_not_all_zero()
    {
        Assert.True(HasValidIds(new byte[16].Select(_ => (byte)1), [1, 0, 0, 0, 0, 0, 0, 0], []));
        Assert.True(HasValidIds(new byte[16].Select(_ => (byte)1), [1, 0, 0, 0, 0, 0, 0, 0], new byte[8]));
        Assert.False(HasValidIds(new byte[16], [1, 0, 0, 0, 0, 0, 0, 0], []));
        Assert.False(HasValidIds(new byte[16].Select(_ => (byte)1), new byte[8], []));
        Assert.False(HasValidIds(new byte[15].Select(_ => (byte)1), [1, 0, 0, 0, 0, 0, 0, 0], []));
        Assert.False(HasValidIds(new byte[16].Select(_ => (byte)1), [1, 0, 0, 0, 0, 0, 0], []));
        Assert.False(HasValidIds(new byte[16].Select(_ => (byte)1), [1, 0, 0, 0, 0, 0, 0, 0], new byte[7]));
    }

    internal static byte[] Field(int number, ReadOnlySpan<byte> payload)
    {
        var bytes = new List<byte>();
        WireTree.Varint(bytes, ((ulong)number << 3) | 2);
        WireTree.Varint(bytes, (ulong)payload.Length);
        return [.. bytes, .. payload];
    }

    private static bool HasValidIds(IEnumerable<byte> traceId, byte[] spanId, byte[] parent)
    {
        byte[] bytes = [.. Field(1, traceId.ToArray()), .. Field(2, spanId), .. Field(4, parent)];
        Assert.True(Gantry.Protocol.Otlp.Traces.SpanScanner.TryRead(bytes, out var span));
        return span.HasValidIds;
    }

    private static void ForSeeds(int count, Func<IMessage, Random, byte[]> write)
    {
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var message = new RandomMessage(random) { MaxItems = 1 + random.Next(4) }.Next<Theirs.ExportTraceServiceRequest>();
            var bytes = write(message, random);
            var theirs = Theirs.ExportTraceServiceRequest.Parser.ParseFrom(bytes);

            var seen = SeenRequest.Scan(bytes);

            Assert.True(seen is not null, $"seed {seed}: {SchemaValidator.Validate(OtlpSchema.Traces, bytes)?.Describe() ?? "refused by the scanner only"}");
            Assert.True(SchemaValidator.IsValid(OtlpSchema.Traces, bytes), $"seed {seed}");
            seen.AssertEquals(theirs);
        }
    }

    private struct StopAtSecondItem : IEnvelopeSink
    {
        public int Items { get; private set; }

        public readonly bool Resource(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> head) => true;

        public readonly bool Scope(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> head) => true;

        public readonly void EndScope(ReadOnlySpan<byte> tail)
        {
        }

        public readonly void EndResource(ReadOnlySpan<byte> tail)
        {
        }

        public bool Item(ReadOnlySpan<byte> item) => ++Items < 2;
    }
}
