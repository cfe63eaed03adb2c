using System.Text;
using Gantry.Estate.Red;
using Gantry.Estate.Sampling;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// What the policy says about each series, asked once per series and policy: rules look at nothing but what a series is keyed by, and at the duration,
/// which a decision leaves open. Not thread-safe: one per shard.
/// </summary>
internal sealed class SeriesSampling(ServiceRegistry services)
{
    private SamplingModel _model = SamplingModel.KeepAll;
    private SamplingDecision?[] _decisions = new SamplingDecision?[128];

    /// <summary>To be called first for each request: a new policy forgets what the last one said.</summary>
    public void Use(SamplingModel model)
    {
        if (!ReferenceEquals(_model, model))
        {
            _model = model;
            Array.Clear(_decisions);
        }
    }

    /// <summary>Series that are gone may have their number given to others.</summary>
    public void Forget() => Array.Clear(_decisions);

    /// <param name="rawName">The span's name; asked where the series has none because it is an overflow.</param>
    public SamplingDecision Of(int series, CountTable red, ReadOnlySpan<byte> rawName) =>
        series < _decisions.Length && _decisions[series] is { } known ? known : Ask(series, red.KeyOf(series), rawName);

    private SamplingDecision Ask(int series, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rawName)
    {
        var red = SpanLabels.KeyIn(key);
        var service = services[red.Service];
        var operation = red.IsOverflow ? Folded(rawName) : Encoding.UTF8.GetString(SpanKey.NameIn(key));
        var decision = _model.DecisionFor(new SpanFacts(service.Name, service.Namespace, service.Environment, operation, red.Kind, red.Status));
        if (!red.IsOverflow)
        {
            if (series >= _decisions.Length)
            {
                Array.Resize(ref _decisions, Math.Max(series + 1, _decisions.Length * 2));
            }

            _decisions[series] = decision;
        }

        return decision;
    }

    /// <summary>As RED shows it: rules are written against that.</summary>
    private static string Folded(ReadOnlySpan<byte> name)
    {
        Span<byte> room = stackalloc byte[SpanKey.MaxBytes];
        OperationNames.Fold(Utf8Cut.To(name, SpanKey.MaxNameBytes), room, out var length);
        return Encoding.UTF8.GetString(Utf8Cut.To(room[..length], SpanKey.MaxNameBytes));
    }
}
