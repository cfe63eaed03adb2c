using System.Buffers.Text;
using System.Text;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Metrics.Prometheus;

/// <summary>
/// Writes families and samples into a buffer that is sent and written anew, piece by piece. The labels of a series are written once and copied to each of
/// its lines. Label values are escaped as both formats have it: backslash, double quote and line feed.
/// </summary>
internal sealed class ExpositionWriter(ExpositionFormat format) : IDisposable
{
    private readonly ProtoWriter _out = new(256 * 1024);
    private readonly ProtoWriter _labels = new(4096);

    public bool IsOpenMetrics => format == ExpositionFormat.OpenMetrics;

    public int Length => _out.Written.Length;

    public ReadOnlyMemory<byte> Written => _out.WrittenMemory;

    public void Clear() => _out.Clear();

    /// <param name="name">Without _total: only OpenMetrics' families have none.</param>
    /// <param name="unit">The last word of the name where it is a unit, else "".</param>
    public void Family(string name, string type, string help, string unit = "")
    {
        var family = type == "counter" && !IsOpenMetrics ? name + "_total" : name;
        Text($"# HELP {family} {help}.\n# TYPE {family} {type}\n");
        if (IsOpenMetrics && unit.Length > 0)
        {
            Text($"# UNIT {family} {unit}\n");
        }
    }

    public void BeginLabels() => _labels.Clear();

    public void Label(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // An empty label is none.
        if (value.IsEmpty)
        {
            return;
        }

        if (!_labels.Written.IsEmpty)
        {
            _labels.Raw(","u8);
        }

        _labels.Raw(name);
        _labels.Raw("=\""u8);
        while (value.IndexOfAny("\\\"\n"u8) is var at and >= 0)
        {
            _labels.Raw(value[..at]);
            _labels.Raw(value[at] switch { (byte)'\\' => "\\\\"u8, (byte)'"' => "\\\""u8, _ => "\\n"u8 });
            value = value[(at + 1)..];
        }

        _labels.Raw(value);
        _labels.Raw("\""u8);
    }

    public void Label(ReadOnlySpan<byte> name, string value) => Label(name, Encoding.UTF8.GetBytes(value));

    public void Sample(ReadOnlySpan<byte> name, ulong value, in Exemplar exemplar = default)
    {
        BeginSample(name, default, default);
        Number(value);
        End(exemplar);
    }

    public void Sample(ReadOnlySpan<byte> name, double value)
    {
        BeginSample(name, default, default);
        Number(value);
        End(default);
    }

    /// <param name="suffix">Follows the name: "_bucket".</param>
    /// <param name="bound">Value of the label le; empty for none.</param>
    public void Sample(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> bound, ulong value, in Exemplar exemplar = default)
    {
        BeginSample(name, suffix, bound);
        Number(value);
        End(exemplar);
    }

    public void Sample(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, double value)
    {
        BeginSample(name, suffix, default);
        Number(value);
        End(default);
    }

    /// <summary>OpenMetrics tells an answer that was cut off by this line.</summary>
    public void EndOfMetrics()
    {
        if (IsOpenMetrics)
        {
            _out.Raw("# EOF\n"u8);
        }
    }

    public void Dispose()
    {
        _out.Dispose();
        _labels.Dispose();
    }

    private void BeginSample(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> bound)
    {
        _out.Raw(name);
        _out.Raw(suffix);
        if (!_labels.Written.IsEmpty || !bound.IsEmpty)
        {
            _out.Raw("{"u8);
            _out.Raw(_labels.Written);
            if (!bound.IsEmpty)
            {
                _out.Raw(_labels.Written.IsEmpty ? "le=\""u8 : ",le=\""u8);
                _out.Raw(bound);
                _out.Raw("\""u8);
            }

            _out.Raw("}"u8);
        }

        _out.Raw(" "u8);
    }

    private void End(in Exemplar exemplar)
    {
        if (IsOpenMetrics && exemplar.UnixNano > 0)
        {
            _out.Raw(" # {trace_id=\""u8);
            Hex(exemplar.TraceHigh);
            Hex(exemplar.TraceLow);
            _out.Raw("\",span_id=\""u8);
            Hex(exemplar.Span);
            _out.Raw("\"} "u8);
            Number(exemplar.DurationNano / 1e9);
            _out.Raw(" "u8);
            Number(exemplar.UnixNano / 1_000_000 / 1e3);
        }

        _out.Raw("\n"u8);
    }

    private void Number(ulong value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        _out.Raw(digits[..length]);
    }

    private void Number(double value)
    {
        Span<byte> digits = stackalloc byte[32];
        Utf8Formatter.TryFormat(value, digits, out var length);
        _out.Raw(digits[..length]);
    }

    private void Hex(ulong value)
    {
        Span<byte> digits = stackalloc byte[16];
        Utf8Formatter.TryFormat(value, digits, out var length, new('x', 16));
        _out.Raw(digits[..length]);
    }

    private void Text(string text) => _out.Raw(Encoding.UTF8.GetBytes(text));
}
