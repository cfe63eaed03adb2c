using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Instrument;
using Gantry.Agent.Instrument.Attach;
using Gantry.Agent.Instrument.Attach.Ipc;
using Gantry.Agent.Instrument.Attach.Meters;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Instrumentation;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Agent.Tests.Instrument.Attach;

/// <summary>A process that refuses every settings: this one, in a /proc made for it, behind a socket that answers as a runtime does.</summary>
public sealed class EchoingPeerTests : IDisposable
{
    private readonly string _proc = Directory.CreateTempSubdirectory("g-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ProcessFact _fact;
    private int _sessions;

    public EchoingPeerTests()
    {
        using var proc = new ProcFiles("/proc");
        var (pid, ticks) = (Environment.ProcessId, DiagnosticPort.StartTicks(proc, Environment.ProcessId));
        var folder = Directory.CreateDirectory(Path.Combine(_proc, pid.ToString(CultureInfo.InvariantCulture), "root", "tmp")).FullName;
        File.WriteAllText(Path.Combine(_proc, pid.ToString(CultureInfo.InvariantCulture), "stat"), File.ReadAllText($"/proc/{pid}/stat"));
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{pid}-{ticks}-socket"))));
        _listener.Listen();
        _fact = new ProcessFact { Pid = (uint)pid, StartUnixNano = ticks * 10_000_000, DeclaredService = "echo" };
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Settings_that_are_refused_again_are_not_tried_again_at_once(bool areTheSame)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var peer = ListenAsync(areTheSame, stop.Token);
        // It stands: no wait ends.
        var time = new FakeTimeProvider();
        await using (var attach = new AttachInstrumenter(
            _proc, 0, new HostIdentity("host-1", "machine", "amd64", "", ""), new Uri("http://127.0.0.1:9"), Guard.Allowing(GuardedAction.Attach), time, new RecordedLog(), new AttachSettings { Traces = false }))
        {
            attach.Want(InstrumentationPlan.Nothing, [new Target(_fact, new InstrumentationRule("test", RuleAction.Allow, new ProcessMatch()), AttachInstrumenter.Method)]);
            await Eventually.True(() => attach.StatusOf(_fact)!.State == InstrumentationState.Blocked, "it is given up for a while");

            Assert.Contains("refused the settings", attach.StatusOf(_fact)!.Message, StringComparison.Ordinal);
            Assert.Equal(2, Volatile.Read(ref _sessions));
        }

        await stop.CancelAsync();
        await peer;
    }

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_proc, recursive: true);
    }

    private async Task ListenAsync(bool areTheSame, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var peer = await _listener.AcceptAsync(stop);
                await AnswerAsync(peer, areTheSame, stop);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task AnswerAsync(Socket peer, bool areTheSame, CancellationToken stop)
    {
        var command = new byte[64 * 1024];
        var length = await peer.ReceiveAsync(command, stop);
        if (command[16] == IpcMessage.Process)
        {
            byte[] facts = [.. BitConverter.GetBytes((ulong)Environment.ProcessId), .. new byte[16], .. Text("echo"), .. Text("Linux"), .. Text("x64"), .. Text("echo"), .. Text("10.0.0")];
            await peer.SendAsync(Answer(facts), stop);
            return;
        }

        var session = Interlocked.Increment(ref _sessions);
        var histograms = areTheSame ? "7" : session.ToString(CultureInfo.InvariantCulture);
        var stream = new HandMadeStream().Define(1, MeterArguments.Provider, 17).Events(1, [1], ClientOf(command.AsSpan(0, length)), histograms, "500", "1000", "2000", "1", "1");
        await peer.SendAsync((byte[])[.. Answer(BitConverter.GetBytes(1UL)), .. stream.Bytes], stop);
    }

    /// <summary>From the arguments of the provider, which stand in the command in UTF-16.</summary>
    private static string ClientOf(ReadOnlySpan<byte> command)
    {
        var at = command.IndexOf(Encoding.Unicode.GetBytes("ClientId=")) + (2 * "ClientId=".Length);
        return Encoding.Unicode.GetString(command.Slice(at, 2 * 36));
    }

    private static byte[] Answer(byte[] payload)
    {
        byte[] answer = [.. "DOTNET_IPC_V1\0"u8, 0, 0, IpcMessage.Server, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(14), (ushort)answer.Length);
        return answer;
    }

    private static byte[] Text(string text) => [.. BitConverter.GetBytes(text.Length + 1), .. Encoding.Unicode.GetBytes(text + "\0")];
}
