using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gantry.Hub.FleetManagement.Connect;

internal static class ConnectLimits
{
    /// <summary>Of a message, also inflated. A collector tells its whole effective configuration, a sync brings all pipelines.</summary>
    public const int MessageBytes = 16 * 1024 * 1024;

    /// <summary>Below this, gzip costs more than it saves.</summary>
    public const int WorthCompressing = 1024;

    /// <summary>Alloy 1.7 to 1.11 put a whole request with all attributes into the address: 100 attributes of 250 characters are 34 KiB there.</summary>
    private const int AddressBytes = 64 * 1024;

    /// <summary>Longer ones would wait longer than any client.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    /// <summary>Lets long addresses in, which a server refuses by default.</summary>
    public static void AllowLongAddresses(this KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = AddressBytes;
        limits.Http2.MaxRequestHeaderFieldSize = AddressBytes;
        limits.MaxRequestHeadersTotalSize = 2 * AddressBytes;
    }
}
