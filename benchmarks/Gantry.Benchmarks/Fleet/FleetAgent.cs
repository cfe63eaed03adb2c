using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using Gantry.Protocol.Wire;

namespace Gantry.Benchmarks.Fleet;

/// <summary>One agent on a connection of its own: reports, beats, applies what it is offered and tells of it, and comes back when it is cut off.</summary>
internal sealed class FleetAgent(int number, Func<int, CancellationToken, ValueTask<Stream>> connect)
{
    private const AgentCapabilities Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsHealth | AgentCapabilities.ReportsHeartbeat
        | AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig | AgentCapabilities.ReportsEffectiveConfig;

    private readonly Guid _uid = Guid.CreateVersion7();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private Stream? _stream;
    private AgentConfigMap? _config;
    private ulong _sequence;
    private bool _known;

    /// <summary>When it was last offered a configuration.</summary>
    public long OfferedAt { get; private set; }

    /// <summary>When its present connection had its first answer; 0: it has none.</summary>
    public long AnsweredAt { get; private set; }

    public int FullStatesAsked { get; set; }

    public int TurnedAway { get; private set; }

    /// <summary>Of the configuration that it runs; empty: it has none from the hub.</summary>
    public byte[] Hash { get; private set; } = [];

    public string Cohort { get; } = FleetEstate.CohortOf(number);

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
                await using var stream = await connect(number, stop);
                retry = await TalkAsync(stream, stop);
                failures = AnsweredAt > 0 ? 0 : failures;
            }
            catch (Exception error) when (error is SocketException or IOException or InvalidDataException or InvalidOperationException)
            {
                // It is cut off; it comes back.
            }

            _stream = null;
            AnsweredAt = 0;
            // As our own agent does: full jitter, from 1 s doubling to 60 s.
            await Task.Delay(retry ?? TimeSpan.FromSeconds(Random.Shared.NextDouble() * Math.Min(60, Math.Pow(2, failures++))), stop);
        }
    }

    public async Task BeatAsync()
    {
        if (_stream is { } stream && AnsweredAt > 0)
        {
            try
            {
                await SendAsync(stream, Message());
            }
            catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The reading side finds the same.
            }
        }
    }

    private AgentToServer Message() => new() { InstanceUid = _uid.ToByteArray(bigEndian: true), Capabilities = Capabilities };

    private AgentToServer Full()
    {
        var message = Message();
        message.Description = new AgentDescription
        {
            Identifying = { new KeyValue("service.name", "io.opentelemetry.collector"), new KeyValue("service.version", "0.158.0"), new KeyValue("service.instance.id", _uid.ToString()) },
            NonIdentifying = { new KeyValue("host.name", $"host-{number}"), new KeyValue("host.id", $"{_uid:N}"), new KeyValue("os.type", "linux"), new KeyValue("os.description", "Debian GNU/Linux 13"), new KeyValue(FleetEstate.Attribute, Cohort) },
        };
        message.Health = new ComponentHealth { Healthy = true, StartTimeUnixNano = 1_700_000_000_000_000_000, Status = "StatusOK" };
        message.RemoteConfigStatus = new RemoteConfigStatus { LastHash = Hash, State = Hash.Length > 0 ? RemoteConfigState.Applied : RemoteConfigState.Unset };
        message.EffectiveConfig = Effective();
        return message;
    }

    private EffectiveConfig Effective()
    {
        var effective = new EffectiveConfig();
        effective.Map.Entries.AddRange(_config?.Entries ?? []);
        return effective;
    }

    private async Task<TimeSpan?> TalkAsync(Stream stream, CancellationToken stop)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/opamp HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOpAMP-Instance-UID: {_uid}\r\n\r\n"), stop);
        var buffer = new byte[1024];
        var have = 0;
        int end;
        while ((end = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(have), stop);
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
            return TimeSpan.FromSeconds(30 + (Random.Shared.NextDouble() * 30));
        }

        _stream = stream;
        // A reconnect leaves out what has not changed (specification v0.16).
        await SendAsync(stream, _known ? Message() : Full());
        _known = true;
        return await ListenAsync(stream, buffer[(end + 4)..have], stop);
    }

    private async Task<TimeSpan?> ListenAsync(Stream stream, byte[] rest, CancellationToken stop)
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
                    await HearAsync(stream, buffer.AsMemory(header.Size, (int)header.Length));
                }
                else if (header.Opcode == Opcode.Ping)
                {
                    await SendPongAsync(stream, buffer.AsMemory(header.Size, (int)header.Length));
                }

                buffer.AsSpan(size, have - size).CopyTo(buffer);
                have -= size;
            }

            if (have == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await stream.ReadAsync(buffer.AsMemory(have), stop);
            if (read == 0)
            {
                return null;
            }

            have += read;
        }
    }

    private async Task HearAsync(Stream stream, ReadOnlyMemory<byte> message)
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
            (Hash, _config) = (config.Hash, config.Map);
            var applied = Message();
            applied.RemoteConfigStatus = new RemoteConfigStatus { LastHash = config.Hash, State = RemoteConfigState.Applied };
            applied.EffectiveConfig = Effective();
            await SendAsync(stream, applied);
        }

        if (said.Flags.HasFlag(ServerToAgentFlags.ReportFullState))
        {
            FullStatesAsked++;
            await SendAsync(stream, Full());
        }
    }

    private async Task SendAsync(Stream stream, AgentToServer message)
    {
        await _sending.WaitAsync();
        try
        {
            // Numbered in the order in which they go out.
            message.SequenceNum = ++_sequence;
            await WriteAsync(stream, Opcode.Binary, (byte[])[0, .. message.ToArray()]);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task SendPongAsync(Stream stream, ReadOnlyMemory<byte> payload)
    {
        await _sending.WaitAsync();
        try
        {
            await WriteAsync(stream, Opcode.Pong, payload);
        }
        finally
        {
            _sending.Release();
        }
    }

    private static async Task WriteAsync(Stream stream, Opcode opcode, ReadOnlyMemory<byte> payload)
    {
        var size = FrameHeader.SizeOf(payload.Length, masked: true);
        var frame = new byte[size + payload.Length];
        FrameHeader.Write(frame, opcode, payload.Length, mask: 0x5A5A5A5A);
        payload.CopyTo(frame.AsMemory(size));
        FrameHeader.Apply(0x5A5A5A5A, frame.AsSpan(size));
        await stream.WriteAsync(frame);
    }
}
