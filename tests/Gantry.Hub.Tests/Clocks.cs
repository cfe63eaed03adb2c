using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests;

internal static class Clocks
{
    /// <summary>Sets the clock forward without a tick of what waits on it: a second hand that is moved by a day does its work 86,400 times.</summary>
    public static void Jump(this FakeTimeProvider time, TimeSpan by) => time.AdjustTime(time.GetUtcNow() + by);
}
