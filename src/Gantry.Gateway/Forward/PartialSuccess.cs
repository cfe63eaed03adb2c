using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Forward;

/// <summary>A destination may accept a request and refuse some of its items: Export…ServiceResponse {partial_success = 1 {rejected = 1, error_message = 2}}.</summary>
internal static class PartialSuccess
{
    private const int MaxAnswerBytes = 64 * 1024;

    public static async Task<ForwardResult> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength is 0 || response.Content.Headers.ContentType?.MediaType != "application/x-protobuf")
        {
            return new ForwardResult(ForwardVerdict.Accepted);
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellation);
        }
        catch (HttpRequestException)
        {
            // It said 200; what else it wanted to say was too long or was cut off.
            return new ForwardResult(ForwardVerdict.Accepted);
        }

        return Read(await response.Content.ReadAsByteArrayAsync(cancellation));
    }

    private static ForwardResult Read(ReadOnlySpan<byte> answer)
    {
        var result = new ForwardResult(ForwardVerdict.Accepted);
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
                        result = result with { Rejected = (long)partial.ReadVarint() };
                        break;
                    case (2, WireType.LengthDelimited):
                        result = result with { Reason = partial.ReadString() };
                        break;
                    default:
                        partial.Skip();
                        break;
                }
            }
        }

        return result;
    }
}
