using System.Net.Http.Headers;

namespace Gantry.Agent.Report;

/// <summary>How long a server asks to be left alone.</summary>
internal static class RetryAfter
{
    /// <summary>No server may silence an agent for longer by one answer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <returns>Null when the header says nothing.</returns>
    public static TimeSpan? Read(RetryConditionHeaderValue? header, TimeProvider time)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait is { } value ? Bound(value) : null;
    }

    public static TimeSpan? Read(string? text, TimeProvider time) =>
        RetryConditionHeaderValue.TryParse(text, out var header) ? Read(header, time) : null;

    public static TimeSpan Bound(TimeSpan wait) => TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, Longest.Ticks));
}
