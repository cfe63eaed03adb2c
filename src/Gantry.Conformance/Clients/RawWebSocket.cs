using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using Gantry.Protocol.Wire;

namespace Gantry.Conformance.Clients;

/// <summary>What came in: a whole message or a control frame.</summary>
/// <param name="CloseCode">Of a close frame; 1005 where it has none.</param>
internal sealed record Incoming(Opcode Opcode, byte[] Payload, int CloseCode = 0);

/// <summary>The server answered the handshake with something other than 101.</summary>
internal sealed class RefusedException(int status, IReadOnlyDictionary<string, string> headers) : Exception($"HTTP {status}")
{
    public int Status { get; } = status;

    public IReadOnlyDictionary<string, string> Headers { get; } = headers;
}

/// <summary>A WebSocket client at the level of frames, so that it can do what no library would: wrong headers, pieces, text, silence.</summary>
internal sealed class RawWebSocket : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private readonly Stream _stream;

    private RawWebSocket(TcpClient tcp, Stream stream) => (_tcp, _stream) = (tcp, stream);

    /// <summary>False: pings stay unanswered, as those of a peer that is gone.</summary>
    public bool AnswersPings { get; set; } = true;

    public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

    /// <exception cref="RefusedException">The server wants no WebSocket now.</exception>
    public static async Task<RawWebSocket> ConnectAsync(Uri url, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation)
    {
        var (tcp, stream) = await DialAsync(url, cancellation);
        try
        {
            var socket = new RawWebSocket(tcp, stream);
            var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            var request = new StringBuilder($"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
                .Append(CultureInfo.InvariantCulture, $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n");
            foreach (var (name, value) in headers)
            {
                request.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(request.Append("\r\n").ToString()), cancellation);
            var (status, answered) = await ReadHeadAsync(stream, cancellation);
            socket.Headers = answered;
            if (status != 101)
            {
                throw new RefusedException(status, answered);
            }

            return answered.GetValueOrDefault("sec-websocket-accept") == Handshake.Accept(key)
                ? socket
                : throw new CheckFailedException("Sec-WebSocket-Accept does not fit the key");
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    public static async Task<(TcpClient Tcp, Stream Stream)> DialAsync(Uri url, CancellationToken cancellation)
    {
        var tcp = new TcpClient { NoDelay = true };
        try
        {
            await tcp.ConnectAsync(url.Host, url.Port, cancellation);
            if (url.Scheme is not ("https" or "wss"))
            {
                return (tcp, tcp.GetStream());
            }

            var tls = new SslStream(tcp.GetStream());
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.Host }, cancellation);
            return (tcp, tls);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    /// <summary>Status line and headers, names in lower case.</summary>
    public static async Task<(int Status, Dictionary<string, string> Headers)> ReadHeadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 32 * 1024 && !(head.Count >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n'))
        {
            if (await stream.ReadAsync(one, cancellation) == 0)
            {
                break;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0].Split(' ') is not [_, var code, ..] || !int.TryParse(code, out var status))
        {
            throw new CheckFailedException("the server closed the connection without an HTTP answer");
        }

        var headers = new Dictionary<string, string>();
        foreach (var line in lines.Skip(1).Where(line => line.Contains(':', StringComparison.Ordinal)))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon].Trim().ToLowerInvariant()] = line[(colon + 1)..].Trim();
        }

        return (status, headers);
    }

    public Task SendAsync(AgentToServer message, CancellationToken cancellation) => SendFrameAsync(Opcode.Binary, (byte[])[0, .. message.ToArray()], cancellation);

    public async Task SendFrameAsync(Opcode opcode, ReadOnlyMemory<byte> payload, CancellationToken cancellation, bool fin = true)
    {
        var header = FrameHeader.SizeOf(payload.Length, masked: true);
        var frame = new byte[header + payload.Length];
        var mask = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
        FrameHeader.Write(frame, opcode, payload.Length, mask, fin);
        payload.Span.CopyTo(frame.AsSpan(header));
        FrameHeader.Apply(mask, frame.AsSpan(header));
        await _stream.WriteAsync(frame, cancellation);
    }

    public ValueTask SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => _stream.WriteAsync(bytes, cancellation);

    /// <returns>Null: the connection is over.</returns>
    public async Task<Incoming?> ReceiveAsync(CancellationToken cancellation)
    {
        var message = new List<byte>();
        while (await ReadFrameAsync(cancellation) is var (header, payload))
        {
            switch (header.Opcode)
            {
                case Opcode.Ping:
                    if (AnswersPings)
                    {
                        await SendFrameAsync(Opcode.Pong, payload, cancellation);
                    }

                    break;
                case Opcode.Pong:
                    break;
                case Opcode.Close:
                    return new Incoming(Opcode.Close, payload, payload.Length >= 2 ? (payload[0] << 8) | payload[1] : 1005);
                default:
                    message.AddRange(payload);
                    if (header.Fin)
                    {
                        return new Incoming(header.Opcode == Opcode.Text ? Opcode.Text : Opcode.Binary, [.. message]);
                    }

                    break;
            }
        }

        return null;
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(FrameHeader Header, byte[] Payload)?> ReadFrameAsync(CancellationToken cancellation)
    {
        var bytes = new byte[FrameHeader.MostBytes];
        var have = 0;
        FrameHeader header;
        FrameRead read;
        while ((read = FrameHeader.TryRead(bytes.AsSpan(0, have), out header)) == FrameRead.NeedsMore)
        {
            try
            {
                if (await _stream.ReadAsync(bytes.AsMemory(have, 1), cancellation) == 0)
                {
                    return null;
                }
            }
            catch (IOException)
            {
                return null;
            }

            have++;
        }

        if (read == FrameRead.Malformed || header.Masked)
        {
            throw new CheckFailedException("the server sent what is no WebSocket frame of a server");
        }

        var payload = new byte[header.Length];
        await _stream.ReadExactlyAsync(payload, cancellation);
        return (header, payload);
    }
}
