using System.Text;
using Gantry.Protocol.Tests.Messages;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.Fuzz;

/// <summary>Damages OTLP/JSON: a value becomes another one, which stays JSON, or a byte breaks.</summary>
internal sealed class JsonMutator
{
    private static readonly string[] Values =
    [
        "null", "{}", "[]", "[null]", "\"\"", "\"x\"", "\"ff\"", "\"NaN\"", "\"Infinity\"", "true", "0", "-1", "2", "1.5", "1e400", "\"1e3\"", "18446744073709551615",
        "18446744073709551616", "\"-9223372036854775808\"", "99999999999999999999999999999999999999999", "\"\\ud800\"", "\"\\u0000\"", "{\"\\ud800\":1}",
        "{\"stringValue\":\"a\",\"intValue\":1}", "[[[[[[]]]]]]", "\"AA\"", "\"AAA=\"", "\"A\"",
    ];

    private readonly byte[][] _bases;

    public JsonMutator() => _bases =
    [
        .. Enumerable.Range(0, 150).Select(seed => new Random(seed)).Select((random, seed) => (seed % 3) switch
        {
            0 => Write<Theirs.ExportTraceServiceRequest>(random),
            1 => Write<Theirs.ExportMetricsServiceRequest>(random),
            _ => Write<Theirs.ExportLogsServiceRequest>(random),
        }).Where(bytes => bytes.Length is > 10 and < 6_000),
        Deep(),
    ];

    private JsonMutator(byte[][] bases) => _bases = bases;

    /// <summary>Messages of the Fleet Management API, as the official library writes them.</summary>
    public static JsonMutator OfFleet() => new(
    [
        .. Enumerable.Range(0, 100).Select(seed => new RandomMessage(new Random(seed)) { MaxItems = 2, Density = 0.7 })
            .Select((random, seed) => Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(seed % 2 == 0 ? random.Next<TheirFleet.GetConfigRequest>() : random.Next<TheirFleet.SyncPipelinesRequest>())))
            .Where(bytes => bytes.Length is > 10 and < 6_000),
    ]);

    public byte[] Next(Random random)
    {
        var bytes = _bases[random.Next(_bases.Length)];
        for (var i = random.Next(3); i > 0; i--)
        {
            bytes = Replace(bytes, random);
        }

        return random.Next(2) == 0 ? ByteMutator.Mutate(bytes, random) : bytes;
    }

    /// <summary>Puts another value behind one of the colons.</summary>
    private static byte[] Replace(byte[] bytes, Random random)
    {
        var colon = Array.IndexOf(bytes, (byte)':', random.Next(bytes.Length));
        if (colon < 0)
        {
            return bytes;
        }

        var end = bytes.AsSpan(colon + 1).IndexOfAny(",}]"u8);
        return end < 0 ? bytes : [.. bytes[..(colon + 1)], .. Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]), .. bytes[(colon + 1 + end)..]];
    }

    private static byte[] Write<T>(Random random)
        where T : IMessage, new() =>
        Encoding.UTF8.GetBytes(new ProtobufJson(random).Write(new RandomMessage(random) { MaxItems = 2, Density = 0.5 }.Next<T>()));

    /// <summary>Just as deep as is allowed: one level more is refused.</summary>
    private static byte[] Deep()
    {
        var value = "{}";
        for (var i = 0; i < 29; i++)
        {
            value = "{\"arrayValue\":{\"values\":[" + value + "]}}";
        }

        return Encoding.UTF8.GetBytes("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":" + value + "}]}]}]}");
    }
}
