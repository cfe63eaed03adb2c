namespace Gantry.Estate.Sampling;

/// <summary>
/// The <c>ot</c> member of a W3C tracestate, in bytes: sub-keys <c>key:value</c> joined by ';', of which sampling knows <c>th</c> (threshold) and
/// <c>rv</c> (randomness, exactly 14 lower-case hex digits). Everything else in a tracestate is kept as it came.
/// </summary>
public readonly ref struct OtTraceState
{
    /// <summary>The specification's limit for the value of <c>ot</c>.</summary>
    public const int MaxValueBytes = 256;

    private const int MaxMembers = 32;

    private OtTraceState(ReadOnlySpan<byte> value, bool hasThreshold, Threshold threshold, bool hasRandomness, ulong randomness)
    {
        Value = value;
        HasThreshold = hasThreshold;
        Threshold = threshold;
        HasRandomness = hasRandomness;
        Randomness = randomness;
    }

    /// <summary>The source said with what threshold it sampled.</summary>
    public bool HasThreshold { get; }

    public Threshold Threshold { get; }

    public bool HasRandomness { get; }

    public ulong Randomness { get; }

    private ReadOnlySpan<byte> Value { get; }

    /// <summary>A sub-key that breaks the rules is as good as absent.</summary>
    public static OtTraceState Read(ReadOnlySpan<byte> traceState)
    {
        foreach (var range in traceState.Split((byte)','))
        {
            var member = traceState[range];
            var text = Trim(member);
            if (text.StartsWith("ot="u8))
            {
                return ReadValue(text[3..]);
            }
        }

        return default;
    }

    /// <summary>
    /// The tracestate with another threshold, or with none. <c>ot</c> moves to the front, as W3C asks of a member that changed; <c>rv</c> and unknown
    /// sub-keys stay, but where 256 bytes do not hold them the unknown ones give way.
    /// </summary>
    /// <param name="threshold">Null erases it.</param>
    /// <param name="target">At least <see cref="RewrittenLength"/> long.</param>
    /// <returns>Bytes written; 0 when nothing is left.</returns>
    public int Rewrite(ReadOnlySpan<byte> traceState, ReadOnlySpan<byte> threshold, Span<byte> target)
    {
        var length = 0;
        Put("ot="u8, target, ref length);
        if (!threshold.IsEmpty)
        {
            Put("th:"u8, target, ref length);
            Put(threshold, target, ref length);
        }

        // First rv, which must never be lost, then what we do not know, as long as there is room.
        PutSubKeys(randomness: true, target, ref length);
        PutSubKeys(randomness: false, target, ref length);
        if (length == 3)
        {
            length = 0;
        }

        PutOthers(traceState, target, ref length);
        return length;
    }

    /// <summary>An upper bound for <see cref="Rewrite"/>.</summary>
    public static int RewrittenLength(ReadOnlySpan<byte> traceState) => traceState.Length + 32;

    private static OtTraceState ReadValue(ReadOnlySpan<byte> value)
    {
        var (hasThreshold, threshold, hasRandomness, randomness) = (false, Threshold.Always, false, 0UL);
        foreach (var range in value.Split((byte)';'))
        {
            var part = value[range];
            if (part.StartsWith("th:"u8))
            {
                hasThreshold = Threshold.TryParse(part[3..], out threshold);
            }
            else if (part.Length == 17 && part.StartsWith("rv:"u8) && Threshold.TryParse(part[3..], out var number))
            {
                hasRandomness = true;
                randomness = number.Value;
            }
        }

        return new OtTraceState(value, hasThreshold, threshold, hasRandomness, randomness);
    }

    private void PutSubKeys(bool randomness, Span<byte> target, ref int length)
    {
        foreach (var range in Value.Split((byte)';'))
        {
            var part = Value[range];
            var isRandomness = part.StartsWith("rv:"u8);
            if (part.IsEmpty || part.StartsWith("th:"u8) || isRandomness != randomness || length - 3 + 1 + part.Length > MaxValueBytes)
            {
                continue;
            }

            if (length > 3)
            {
                Put(";"u8, target, ref length);
            }

            Put(part, target, ref length);
        }
    }

    private void PutOthers(ReadOnlySpan<byte> traceState, Span<byte> target, ref int length)
    {
        var members = length > 0 ? 1 : 0;
        foreach (var range in traceState.Split((byte)','))
        {
            var member = traceState[range];
            // A second "ot" is against the rules of W3C, and would contradict ours.
            if (Trim(member).IsEmpty || Trim(member).StartsWith("ot="u8) || members == MaxMembers)
            {
                continue;
            }

            if (members++ > 0)
            {
                Put(","u8, target, ref length);
            }

            Put(Trim(member), target, ref length);
        }
    }

    private static void Put(ReadOnlySpan<byte> bytes, Span<byte> target, ref int length)
    {
        bytes.CopyTo(target[length..]);
        length += bytes.Length;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> member) => member.Trim(" \t"u8);
}
