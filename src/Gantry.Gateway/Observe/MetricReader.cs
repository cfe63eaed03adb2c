using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

internal enum MetricShape
{
    None = 0,
    Gauge = 5,
    Sum = 7,
    Histogram = 9,
    ExponentialHistogram = 10,
    Summary = 11,
}

/// <summary>A metric in place. Metric: name = 1, unit = 3, gauge = 5, sum = 7, histogram = 9, exponential_histogram = 10, summary = 11.</summary>
internal ref struct MetricView
{
    public ReadOnlySpan<byte> Name;
    public ReadOnlySpan<byte> Unit;
    public MetricShape Shape;

    /// <summary>Gauge, Sum or Histogram message: data_points = 1, aggregation_temporality = 2, is_monotonic = 3.</summary>
    public ReadOnlySpan<byte> Data;

    public static MetricView Read(ReadOnlySpan<byte> metric)
    {
        var view = default(MetricView);
        var reader = new ProtoReader(metric);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (1, WireType.LengthDelimited):
                    view.Name = reader.ReadBytes();
                    break;
                case (3, WireType.LengthDelimited):
                    view.Unit = reader.ReadBytes();
                    break;
                case (5 or 7 or 9 or 10 or 11, WireType.LengthDelimited):
                    view.Shape = (MetricShape)reader.Field;
                    view.Data = reader.ReadBytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return view;
    }

    /// <summary>Cumulative, by aggregation_temporality = 2.</summary>
    public readonly bool IsCumulative
    {
        get
        {
            var reader = new ProtoReader(Data);
            var temporality = 0;
            while (reader.Next())
            {
                if (reader.Tag is (2, WireType.Varint))
                {
                    temporality = reader.ReadInt32();
                }
                else
                {
                    reader.Skip();
                }
            }

            return temporality == 2;
        }
    }
}
