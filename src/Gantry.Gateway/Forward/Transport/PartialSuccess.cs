using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>A destination may accept a request and refuse some of its items: Export…ServiceResponse {partial_success = 1 {rejected = 1, error_message = 2}}.</summary>
internal static class PartialSuccess
{
    /// <summary>What is no such message is a success all the same: it said so.</summary>
    public static ForwardResult Read(ReadOnlySpan<byte> answer)
    {
        long rejected = 0;
        var message = "";
        var reader = new ProtoReader(answer);
        while (reader.Next())
        {
            if (reader.Tag is not (1, WireType.LengthDelimited))
            {
                reader.Skip();
                continue;
            }

            var partial = reader.ReadNested();
            while (partial.Next())
            {
                switch (partial.Tag)
                {
                    case (1, WireType.Varint):
                        rejected = (long)partial.ReadVarint();
                        break;
                    case (2, WireType.LengthDelimited):
                        message = partial.ReadString();
                        break;
                    default:
                        partial.Skip();
                        break;
                }
            }
        }

        return new ForwardResult(ForwardVerdict.Accepted, message, Rejected: Math.Max(0, rejected));
    }

    /// <summary>
    /// What of a merged request's rejected items goes to a request that covers the bytes <paramref name="from"/> to <paramref name="to"/>: which items they
    /// were is not said, so each gets a share by its size, and the shares add up to exactly what was rejected.
    /// </summary>
    public static long Share(long rejected, long from, long to, long total) => Part(rejected, to, total) - Part(rejected, from, total);

    private static long Part(long rejected, long bytes, long total) => (long)((Int128)rejected * bytes / Math.Max(1, total));
}
