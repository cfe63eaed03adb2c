using Gantry.Protocol.Otlp.Traces;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.Otlp;

/// <summary>The attributes that the scanner points at, against Google's parser: the last text, number or flag under the current name, else under one of before.</summary>
public sealed class CapturedAttributeTests
{
    [Fact]
    public void Every_name_is_found_wherever_it_stands()
    {
        foreach (var (name, attribute, _) in SpanAttributes.Names)
        {
            var span = new Theirs.Span { Attributes = { Text("thread.name", "x"), Text(name, "value"), Text(name + "x", "other"), Text("x" + name, "other") } };
            Assert.Equal("value", Captured(span.ToByteArray(), attribute)?.StringValue);
        }
    }

    [Fact]
    public void Random_attributes_are_captured_as_the_oracle_has_them()
    {
        var random = new Random(11);
        var names = SpanAttributes.Names.ToArray();
        for (var round = 0; round < 3000; round++)
        {
            var span = new Theirs.Span { Name = "x", TraceId = ByteString.CopyFrom(new byte[16]) };
            for (var i = random.Next(25); i > 0; i--)
            {
                span.Attributes.Add(new Theirs.KeyValue { Key = random.Next(2) == 0 ? "thread.id" : names[random.Next(names.Length)].Name, Value = Value(random) });
            }

            var bytes = span.ToByteArray();
            foreach (var attribute in Enum.GetValues<SpanAttribute>())
            {
                var current = Last(span, names.Where(name => name.Attribute == attribute && !name.IsOld).Select(name => name.Name));
                var before = First(span, names.Where(name => name.Attribute == attribute && name.IsOld).Select(name => name.Name));
                Assert.Equal(current ?? before, Captured(bytes, attribute));
            }
        }
    }

    [Fact]
    public void Two_numbers_in_one_value_do_not_cover_for_text_that_is_none()
    {
        // AnyValue of two int fields, the last counts; then a text of two bytes that are not UTF-8.
        byte[] two = [0x4A, 0x0C, 0x0A, 0x04, .. "abcd"u8, 0x12, 0x04, 0x18, 0x05, 0x18, 0x06];
        byte[] bad = [0x4A, 0x0C, 0x0A, 0x04, .. "abcd"u8, 0x12, 0x04, 0x0A, 0x02, 0xFF, 0xFE];
        byte[] rest = new Theirs.Span { Attributes = { Text("thread.name", "main"), Text("thread.name", "main") } }.ToByteArray();

        Assert.True(SpanScanner.TryRead([.. two, .. rest], out _));
        Assert.False(SpanScanner.TryRead([.. two, .. bad, .. rest], out _));
    }

    private static Theirs.AnyValue? Last(Theirs.Span span, IEnumerable<string> names) => Plain(span, names).LastOrDefault();

    private static Theirs.AnyValue? First(Theirs.Span span, IEnumerable<string> names) => Plain(span, names).FirstOrDefault();

    private static IEnumerable<Theirs.AnyValue> Plain(Theirs.Span span, IEnumerable<string> names) => span.Attributes
        .Where(pair => names.Contains(pair.Key)
            && pair.Value?.ValueCase is Theirs.AnyValue.ValueOneofCase.StringValue or Theirs.AnyValue.ValueOneofCase.IntValue or Theirs.AnyValue.ValueOneofCase.BoolValue)
        .Select(pair => pair.Value);

    private static Theirs.AnyValue? Captured(byte[] bytes, SpanAttribute attribute)
    {
        Assert.True(SpanScanner.TryRead(bytes, out var span));
        if (!span.Attributes.Has(attribute))
        {
            return null;
        }

        var (start, length) = span.Attributes[attribute];
        return Theirs.AnyValue.Parser.ParseFrom(bytes.AsSpan(start, length));
    }

    private static Theirs.KeyValue Text(string key, string value) => new() { Key = key, Value = new() { StringValue = value } };

    private static Theirs.AnyValue Value(Random random) => random.Next(8) switch
    {
        0 => new() { IntValue = random.NextInt64() >> random.Next(64) },
        1 => new() { IntValue = -random.Next() },
        2 => new() { BoolValue = random.Next(2) == 0 },
        3 => new() { DoubleValue = random.NextDouble() },
        4 => new() { StringValue = new string('ü', random.Next(90)) },
        5 => new() { ArrayValue = new() { Values = { new Theirs.AnyValue { StringValue = "é" } } } },
        6 => new() { StringValue = new string('v', random.Next(200)) },
        _ => new() { StringValue = "plain" },
    };
}
