using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Observe;

/// <summary>The part of a series' key that is numbers.</summary>
/// <param name="IsOverflow">The series that counts what its service has too many of.</param>
internal readonly record struct RedKey(uint Service, int Kind, int Status, RedSource Source, bool IsOverflow = false)
{
    private const int LastKind = 5;
    private const int LastStatus = 2;

    /// <summary>A sender may write any number; what OTLP does not define is unspecified (0) and unset (0), or there would be no bound on series.</summary>
    public static RedKey Of(uint service, int kind, int status, RedSource source) =>
        new(service, (uint)kind <= LastKind ? kind : 0, (uint)status <= LastStatus ? status : 0, source);

    public static RedKey From(ulong mixed) => new(
        (uint)(mixed >> 32), (int)(mixed >> 8) & 0xFF, (int)(mixed >> 4) & 0xF, (RedSource)(mixed & 0xF), (mixed & (1UL << 16)) != 0);

    /// <summary>One number for one key, as long as kind and status are in range.</summary>
    public ulong Mixed => ((ulong)Service << 32) | (IsOverflow ? 1UL << 16 : 0) | ((ulong)(uint)Kind << 8) | ((ulong)(uint)Status << 4) | (uint)Source;
}
