using Gantry.Agent.Host;
using Gantry.Agent.Report;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Tests.Report;

public sealed class MetricsEncoderTests
{
    private static readonly Metric Bytes = new("test.bytes", "By", MetricKind.Counter, "Bytes.");
    private static readonly Metric Level = new("test.level", "1", MetricKind.Gauge, "Level.");
    private static readonly Metric Items = new("test.items", "{item}", MetricKind.UpDownCounter, "Items.");

    [Fact]
    public void What_is_written_reads_back_field_by_field()
    {
        var batch = new MetricBatch();
        batch.Restart(2000);
        batch.Add(Bytes, 0L, new Tag("disk", "sda"), new Tag("direction", "read"));
        batch.Add(Level, 0.25);
        batch.Add(Bytes, 77L, new Tag("disk", "sdb"));
        batch.Add(Items, -3L);
        using var encoder = new MetricsEncoder([new KeyValue("host.id", "h1")], "0.1.0", 1000);

        var request = OtlpReader.Read(encoder.Encode(batch).Span);

        Assert.Equal([("host.id", "h1")], request.Resource);
        Assert.Equal(("io.gantry.agent/host", "0.1.0"), (request.ScopeName, request.ScopeVersion));
        Assert.Equal(["test.bytes", "test.level", "test.items"], request.Metrics.Select(metric => metric.Name));
        var bytes = request.Metrics[0];
        Assert.Equal(("By", "Bytes.", true, 2UL, true), (bytes.Unit, bytes.Description, bytes.IsSum, bytes.Temporality, bytes.IsMonotonic));
        Assert.Equal([(1000UL, 2000UL, 0d, true), (1000UL, 2000UL, 77d, true)], bytes.Points.Select(point => (point.Start, point.Time, point.Value, point.IsInteger)));
        Assert.Equal([("disk", "sda"), ("direction", "read")], bytes.Points[0].Attributes);
        Assert.Equal((false, 0UL, 0.25, false), (request.Metrics[1].IsSum, request.Metrics[1].Points[0].Start, request.Metrics[1].Points[0].Value, request.Metrics[1].Points[0].IsInteger));
        Assert.Equal((true, false, -3d), (request.Metrics[2].IsSum, request.Metrics[2].IsMonotonic, request.Metrics[2].Points[0].Value));
    }

    [Fact]
    public void Labels_come_first_and_say_when_their_sum_began()
    {
        var batch = new MetricBatch();
        batch.Restart(2000);
        var labels = new PointLabels([new Tag("source", "a"), new Tag("destination", "b")], 1500);
        batch.Add(Bytes, 7L, labels, new Tag("direction", "read"));
        batch.Add(Level, 0.5, labels);
        batch.Add(Bytes, 8L);
        using var encoder = new MetricsEncoder([], "1", 1000);

        var metrics = OtlpReader.Read(encoder.Encode(batch).Span).Metrics;

        Assert.Equal([("source", "a"), ("destination", "b"), ("direction", "read")], metrics[0].Points[0].Attributes);
        Assert.Equal([1500UL, 1000UL], metrics[0].Points.Select(point => point.Start));
        Assert.Equal(("source", "a"), metrics[1].Points[0].Attributes[0]);
        Assert.Equal(0UL, metrics[1].Points[0].Start);
    }

    [Fact]
    public void A_second_sample_replaces_the_first()
    {
        var batch = new MetricBatch();
        batch.Restart(1);
        batch.Add(Bytes, 1L);
        using var encoder = new MetricsEncoder([], "1", 1);
        encoder.Encode(batch);

        batch.Restart(2);
        batch.Add(Level, 2.0);

        Assert.Equal("test.level", Assert.Single(OtlpReader.Read(encoder.Encode(batch).Span).Metrics).Name);
    }

    [Fact]
    public void A_whole_sample_of_this_host_is_a_valid_request()
    {
        var batch = new MetricBatch();
        new HostSampler(new ProcFiles("/proc"), new ProcFiles("/sys"), TimeProvider.System, new Support.RecordedLog()).Sample(batch);
        using var encoder = new MetricsEncoder([], "1", 1);

        var request = OtlpReader.Read(encoder.Encode(batch).Span);

        Assert.Equal(batch.Points.Length, request.Metrics.Sum(metric => metric.Points.Count));
        Assert.Equal(request.Metrics.Count, request.Metrics.Select(metric => metric.Name).Distinct().Count());
        Assert.All(request.Metrics, metric => Assert.All(metric.Points, point => Assert.True(double.IsFinite(point.Value), metric.Name)));
    }
}

/// <summary>Reads a request by the field numbers of the specification, on its own terms.</summary>
internal sealed class OtlpReader
{
    public List<(string Key, string Value)> Resource { get; } = [];

    public string ScopeName { get; private set; } = "";

    public string ScopeVersion { get; private set; } = "";

    public List<OtlpMetric> Metrics { get; } = [];

    public static OtlpReader Read(ReadOnlySpan<byte> bytes)
    {
        var request = new OtlpReader();
        Each(bytes, (field, _, outer) =>
        {
            Assert.Equal(1, field);
            Each(outer, request.ReadResourceMetrics);
        });
        return request;
    }

    private delegate void FieldAction(int field, ulong number, ReadOnlySpan<byte> payload);

    private void ReadResourceMetrics(int field, ulong number, ReadOnlySpan<byte> payload)
    {
        if (field == 1)
        {
            Each(payload, (_, _, pair) => Resource.Add(Pair(pair)));
        }
        else
        {
            Assert.Equal(2, field);
            Each(payload, ReadScopeMetrics);
        }
    }

    private void ReadScopeMetrics(int field, ulong number, ReadOnlySpan<byte> payload)
    {
        if (field == 1)
        {
            Each(payload, (part, _, text) => (ScopeName, ScopeVersion) = part == 1 ? (Text(text), ScopeVersion) : (ScopeName, Text(text)));
        }
        else
        {
            Assert.Equal(2, field);
            var metric = new OtlpMetric();
            Each(payload, metric.Take);
            Metrics.Add(metric);
        }
    }

    internal static void EachField(ReadOnlySpan<byte> bytes, Action<int, ulong> number, Action<int, byte[]> payload) =>
        Each(bytes, (field, value, content) =>
        {
            if (content.IsEmpty)
            {
                number(field, value);
            }
            else
            {
                payload(field, content.ToArray());
            }
        });

    private static void Each(ReadOnlySpan<byte> bytes, FieldAction action)
    {
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.WireType)
            {
                case WireType.LengthDelimited:
                    action(reader.Field, 0, reader.ReadBytes());
                    break;
                case WireType.Fixed64:
                    action(reader.Field, reader.ReadFixed64(), default);
                    break;
                default:
                    action(reader.Field, reader.ReadVarint(), default);
                    break;
            }
        }

        Assert.Equal(WireError.None, reader.Error);
    }

    internal static string Text(ReadOnlySpan<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    internal static (string Key, string Value) Pair(ReadOnlySpan<byte> bytes)
    {
        var pair = WireMessage.TryRead<KeyValue>(bytes, out _);
        return (Assert.IsType<KeyValue>(pair).Key, pair!.Value.ToString());
    }
}

internal sealed class OtlpMetric
{
    public string Name { get; private set; } = "";

    public string Description { get; private set; } = "";

    public string Unit { get; private set; } = "";

    public bool IsSum { get; private set; }

    public ulong Temporality { get; private set; }

    public bool IsMonotonic { get; private set; }

    public List<OtlpPoint> Points { get; } = [];

    public void Take(int field, ulong number, ReadOnlySpan<byte> payload)
    {
        switch (field)
        {
            case 1:
                Name = OtlpReader.Text(payload);
                break;
            case 2:
                Description = OtlpReader.Text(payload);
                break;
            case 3:
                Unit = OtlpReader.Text(payload);
                break;
            default:
                Assert.Contains(field, (int[])[5, 7]);
                IsSum = field == 7;
                OtlpReader.EachField(payload, TakeNumber, (part, point) => Points.Add(OtlpPoint.Read(part, point)));
                break;
        }
    }

    private void TakeNumber(int field, ulong number)
    {
        if (field == 2)
        {
            Temporality = number;
        }
        else
        {
            Assert.Equal(3, field);
            IsMonotonic = number == 1;
        }
    }
}

internal sealed record OtlpPoint(ulong Start, ulong Time, double Value, bool IsInteger, List<(string Key, string Value)> Attributes)
{
    public static OtlpPoint Read(int field, byte[] bytes)
    {
        Assert.Equal(1, field);
        ulong start = 0, time = 0;
        var value = double.NaN;
        var isInteger = false;
        var attributes = new List<(string, string)>();
        OtlpReader.EachField(
            bytes,
            (part, number) =>
            {
                (start, time) = part switch { 2 => (number, time), 3 => (start, number), _ => (start, time) };
                (value, isInteger) = part switch { 4 => (BitConverter.UInt64BitsToDouble(number), false), 6 => ((double)(long)number, true), _ => (value, isInteger) };
            },
            (part, pair) =>
            {
                Assert.Equal(7, part);
                attributes.Add(OtlpReader.Pair(pair));
            });
        return new OtlpPoint(start, time, value, isInteger, attributes);
    }
}
