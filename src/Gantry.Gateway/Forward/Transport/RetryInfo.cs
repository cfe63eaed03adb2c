using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>
/// google.rpc.Status {details = 3: Any {type_url = 1, value = 2}} with google.rpc.RetryInfo {retry_delay = 1 {seconds = 1, nanos = 2}}, as
/// it travels in <c>grpc-status-details-bin</c>: base64, most often without padding.
/// </summary>
internal static class RetryInfo
{
    private const int LongestText = 64 * 1024;
    private const long MostSeconds = 365L * 24 * 3600;

    /// <returns>Null when there is none, or when it is no such thing.</returns>
    public static TimeSpan? Read(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > LongestText)
        {
            return null;
        }

        var padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, bytes, out var length))
        {
            return null;
        }

        var status = new ProtoReader(bytes.AsSpan(0, length));
        while (status.Next())
        {
            if (status.Tag is not (3, WireType.LengthDelimited))
            {
                status.Skip();
            }
            else if (OfAny(status.ReadNested()) is { } delay)
            {
                return delay;
            }
        }

        return null;
    }

    private static TimeSpan? OfAny(ProtoReader any)
    {
        var type = "";
        ReadOnlySpan<byte> value = default;
        while (any.Next())
        {
            switch (any.Tag)
            {
                case (1, WireType.LengthDelimited):
                    type = any.ReadString();
                    break;
                case (2, WireType.LengthDelimited):
                    value = any.ReadBytes();
                    break;
                default:
                    any.Skip();
                    break;
            }
        }

        return type.EndsWith("/google.rpc.RetryInfo", StringComparison.Ordinal) ? OfRetryInfo(new ProtoReader(value)) : null;
    }

    private static TimeSpan? OfRetryInfo(ProtoReader info)
    {
        TimeSpan? delay = null;
        while (info.Next())
        {
            if (info.Tag is (1, WireType.LengthDelimited))
            {
                delay = OfDuration(info.ReadNested());
            }
            else
            {
                info.Skip();
            }
        }

        return delay;
    }

    private static TimeSpan OfDuration(ProtoReader duration)
    {
        long seconds = 0, nanos = 0;
        while (duration.Next())
        {
            switch (duration.Tag)
            {
                case (1, WireType.Varint):
                    seconds = (long)duration.ReadVarint();
                    break;
                case (2, WireType.Varint):
                    nanos = duration.ReadInt32();
                    break;
                default:
                    duration.Skip();
                    break;
            }
        }

        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, MostSeconds)) + TimeSpan.FromTicks(Math.Max(0, nanos) / 100);
    }
}
