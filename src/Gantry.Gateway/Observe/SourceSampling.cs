namespace Gantry.Gateway.Observe;

/// <summary>
/// Whether a span says of itself that its source sampled: tracestate member <c>ot</c> with sub-key <c>th</c> above zero (OpenTelemetry,
/// "TraceState: Probability Sampling"). th:0 says 100 %; no th says nothing.
/// </summary>
internal static class SourceSampling
{
    public static bool IsSampled(ReadOnlySpan<byte> traceState)
    {
        foreach (var member in traceState.Split((byte)','))
        {
            var text = traceState[member].Trim((byte)' ');
            if (!text.StartsWith("ot="u8))
            {
                continue;
            }

            text = text[3..];
            foreach (var part in text.Split((byte)';'))
            {
                var sub = text[part];
                if (sub.StartsWith("th:"u8))
                {
                    return sub[3..].ContainsAnyExcept((byte)'0');
                }
            }
        }

        return false;
    }
}
