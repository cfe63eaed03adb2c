using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using Gantry.Protocol.Wire;

namespace Gantry.Benchmarks.Fleet;

/// <summary>One agent on one real socket, from a loopback address of its own block: reports, beats, applies what it is offered, and comes back when it is cut off.</summary>
internal sealed class FleetAgent(int number, IPEndPoint hub, Random random)
{
    private const AgentCapabilities Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsHealth | AgentCapabilities.ReportsHeartbeat
        | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig;

    private readonly Guid _uid = Guid.CreateVersion7();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private Socket? _socket;
    private ulong _sequence;
    private bool _known;

    /// <summary>When it was last offered a configuration.</summary>
    public long OfferedAt { get; private set; }

    /// <summary>When its present connection had its first answer; 0: it has none.</summary>
    public long AnsweredAt { get; private set; }

    public int FullStatesAsked { get; set; }

    public int TurnedAway { get; private set; }

    public byte[] Hash { get; private set; } = [];

    /// <summary>Lives until <paramref name="stop"/>.</summary>
    public async Task RunAsync(TimeSpan first, CancellationToken stop)
    {
        await Task.Delay(first, stop);
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            TimeSpan? retry = null;
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, (byte)(1 + (number / 10_000)), (byte)(1 + (number % 200))]), 0));
                await socket.ConnectAsync(hub, stop);
                retry = await TalkAsync(socket, stop);
                failures = AnsweredAt > 0 ? 0 : failures;
            }
            catch (Exception error) when (error is SocketException or IOException or InvalidDataException)
            {
                // It is cut off; it comes back.
            }

            _socket = null;
            AnsweredAt = 0;
            // As our own agent does: full jitter, from 1 s doubling to 60 s.
            await Task.Delay(retry ?? TimeSpan.FromSeconds(random.NextDouble() * Math.Min(60, Math.Pow(2, failures++))), stop);
        }
    }

    public async Task BeatAsync()
    {
        if (_socket is { } socket && AnsweredAt > 0)
        {
            try
            {
                await SendAsync(socket, Message());
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The reading side finds the same.
            }
        }
    }

    private AgentToServer Message() => new() { InstanceUid = _uid.ToByteArray(bigEndian: true), SequenceNum = ++_sequence, Capabilities = Capabilities };

    private AgentToServer Full()
    {
        var message = Message();
        message.Description = new AgentDescription
        {
            Identifying = { new KeyValue("service.name", "io.opentelemetry.collector"), new KeyValue("service.version", "0.158.0"), new KeyValue("service.instance.id", _uid.ToString()) },
            NonIdentifying = { new KeyValue("host.name", $"host-{number}"), new KeyValue("host.id", $"{_uid:N}"), new KeyValue("os.type", "linux"), new KeyValue("os.description", "Debian GNU/Linux 13") },
        };
        message.Health = new ComponentHealth { Healthy = true, StartTimeUnixNano = 1_700_000_000_000_000_000, Status = "StatusOK" };
        message.RemoteConfigStatus = new RemoteConfigStatus { LastHash = Hash, State = Hash.Length > 0 ? RemoteConfigState.Applied : RemoteConfigState.Unset };
        message.EffectiveConfig = new EffectiveConfig();
        message.EffectiveConfig.Map.Entries.Add(new NamedConfig { Config = new AgentConfigObject { Body = Encoding.UTF8.GetBytes($"receivers: {{}}\n# {number % 50}\n"), ContentType = "text/yaml" } });
        return message;
    }

    private async Task<TimeSpan?> TalkAsync(Socket socket, CancellationToken stop)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/opamp HTTP/1.1\r\nHost: {hub}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOpAMP-Instance-UID: {_uid}\r\n\r\n"), stop);
        var buffer = new byte[1024];
        var have = 0;
        int end;
        while ((end = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(have), stop);
            if (read == 0)
            {
                return null;
            }

            have += read;
        }

        var head = Encoding.ASCII.GetString(buffer, 0, end);
        if (!head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
        {
            TurnedAway++;
            return TimeSpan.FromSeconds(30 + (random.NextDouble() * 30));
        }

        _socket = socket;
        // A reconnect leaves out what has not changed (specification v0.16).
        await SendAsync(socket, _known ? Message() : Full());
        _known = true;
        return await ListenAsync(socket, buffer[(end + 4)..have], stop);
    }

    private async Task<TimeSpan?> ListenAsync(Socket socket, byte[] rest, CancellationToken stop)
    {
        var buffer = new byte[1024];
        rest.CopyTo(buffer, 0);
        var have = rest.Length;
        while (true)
        {
            while (FrameHeader.TryRead(buffer.AsSpan(0, have), out var header) == FrameRead.Complete && have >= header.Size + header.Length)
            {
                var size = header.Size + (int)header.Length;
                if (header.Opcode == Opcode.Close)
                {
                    return null;
                }

                if (header.Opcode == Opcode.Binary)
                {
                    await HearAsync(socket, buffer.AsMemory(header.Size, (int)header.Length));
                }
                else if (header.Opcode == Opcode.Ping)
                {
                    await SendFrameAsync(socket, Opcode.Pong, buffer.AsMemory(header.Size, (int)header.Length));
                }

                buffer.AsSpan(size, have - size).CopyTo(buffer);
                have -= size;
            }

            if (have == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await socket.ReceiveAsync(buffer.AsMemory(have), stop);
            if (read == 0)
            {
                return null;
            }

            have += read;
        }
    }

    private async Task HearAsync(Socket socket, ReadOnlyMemory<byte> message)
    {
        var at = Stopwatch.GetTimestamp();
        AnsweredAt = AnsweredAt == 0 ? at : AnsweredAt;
        if (!WebSocketFrame.TryGetPayload(message.Span, out var payload) || WireMessage.TryRead<ServerToAgent>(payload, out _) is not { Error: null } said)
        {
            throw new InvalidDataException("not what a hub says");
        }

        if (said.RemoteConfig is { } config)
        {
            OfferedAt = at;
            Hash = config.Hash;
            var applied = Message();
            applied.RemoteConfigStatus = new RemoteConfigStatus { LastHash = config.Hash, State = RemoteConfigState.Applied };
            await SendAsync(socket, applied);
        }

        if (said.Flags.HasFlag(ServerToAgentFlags.ReportFullState))
        {
            FullStatesAsked++;
            await SendAsync(socket, Full());
        }
    }

    private Task SendAsync(Socket socket, AgentToServer message) => SendFrameAsync(socket, Opcode.Binary, (byte[])[0, .. message.ToArray()]);

    private async Task SendFrameAsync(Socket socket, Opcode opcode, ReadOnlyMemory<byte> payload)
    {
        var size = FrameHeader.SizeOf(payload.Length, masked: true);
        var frame = new byte[size + payload.Length];
        FrameHeader.Write(frame, opcode, payload.Length, mask: 0x5A5A5A5A);
        payload.CopyTo(frame.AsMemory(size));
        FrameHeader.Apply(0x5A5A5A5A, frame.AsSpan(size));
        await _sending.WaitAsync();
        try
        {
            await socket.SendAsync(frame);
        }
        finally
        {
            _sending.Release();
        }
    }
}
