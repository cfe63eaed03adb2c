using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gantry.Gateway.Forward;
using Gantry.Gateway.Forward.Spool;
using Gantry.Gateway.Forward.Transport;

namespace Gantry.Gateway.Tests.Forward.Spool;

/// <summary>A destination with a spool, over real sockets and a real disk.</summary>
public sealed class SpoolRouteTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-spool-");

    [Theory]
    [InlineData(DestinationProtocol.Http, DestinationCompression.Gzip)]
    [InlineData(DestinationProtocol.Grpc, DestinationCompression.Zstd)]
    public async Task Clients_are_answered_while_the_destination_is_away_and_all_arrives_in_order(DestinationProtocol protocol, DestinationCompression compression)
    {
        await using var destination = await ScriptedDestination.StartAsync();
        destination.Answer = static _ => Task.FromResult(new Reply(503, Code: 14));
        await using var forwarding = await Forwarding.StartAsync(new DestinationOptions
        {
            Endpoint = protocol == DestinationProtocol.Http ? destination.Http : destination.Grpc,
            Protocol = protocol,
            Compression = compression,
            Spool = new SpoolOptions { Folder = _folder.FullName, MaxBytes = 1 << 24 },
        });

        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(ForwardVerdict.Accepted, (await forwarding.SendAsync($"{i}")).Verdict);
        }

        await Eventually.True("the trouble is seen", () => forwarding.State.Problem is not null);
        Assert.Equal((300, 0), (forwarding.State.WaitingRequests, forwarding.State.Sent));
        Assert.True(forwarding.State.OldestAge > TimeSpan.Zero);
        destination.Answer = static _ => Task.FromResult(new Reply());
        await Eventually.True("all is delivered", () => forwarding.State.WaitingRequests == 0);

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), destination.Names);
        Assert.Equal((300, null, 0, 0), (forwarding.State.Sent, forwarding.State.Problem, forwarding.State.WaitingBytes, forwarding.State.PossibleDuplicates));
        Assert.True(destination.Accepted.Count < 100, "what waits goes out merged");
    }

    [Fact]
    public async Task What_waited_at_the_end_is_sent_by_the_next_start()
    {
        var port = FreePort();
        var options = new DestinationOptions { Endpoint = new Uri($"http://127.0.0.1:{port}"), Spool = new SpoolOptions { Folder = _folder.FullName, MaxBytes = 1 << 20 } };
        await using (var away = await Forwarding.StartAsync(options))
        {
            await away.SendAsync("a");
            await away.SendAsync("b");
            await Assert.ThrowsAsync<SpoolException>(() => Forwarding.StartAsync(options));
        }

        await using var destination = await ScriptedDestination.StartAsync(port);
        await using var forwarding = await Forwarding.StartAsync(options);
        await forwarding.SendAsync("c");
        await Eventually.True("all three", () => destination.Names.Count >= 3);

        Assert.Equal(["a", "b", "c"], destination.Names);
    }

    [Fact]
    public async Task What_the_destination_refuses_for_good_is_set_aside_and_takes_nothing_with_it()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var destination = await ScriptedDestination.StartAsync();
        destination.Answer = async received =>
        {
            await open.Task;
            return new Reply(received.Names.Contains("poison") ? 400 : 200);
        };
        await using var forwarding = await Forwarding.StartAsync(
            new DestinationOptions { Endpoint = destination.Http, Spool = new SpoolOptions { Folder = _folder.FullName, MaxBytes = 1 << 20 } });
        var poison = Forwarding.Request("poison");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(ForwardVerdict.Accepted, (await (i == 10 ? forwarding.SendAsync(Protocol.Observations.Signal.Traces, poison) : forwarding.SendAsync($"{i}"))).Verdict);
        }

        open.SetResult();
        await Eventually.True("all is settled", () => forwarding.State.WaitingRequests == 0);

        Assert.Equal(Enumerable.Range(0, 20).Where(i => i != 10).Select(i => $"{i}"), destination.Names);
        Assert.Equal((1, 19), (forwarding.State.Refused, forwarding.State.Sent));
        var aside = await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "refused.records"));
        Assert.Equal(poison, aside[SpoolRecord.HeaderLength..]);
    }

    [Fact]
    public async Task It_comes_back_no_sooner_than_the_destination_asked()
    {
        await using var destination = await ScriptedDestination.StartAsync();
        var clock = new Stopwatch();
        destination.Answer = _ =>
        {
            if (!clock.IsRunning)
            {
                clock.Start();
                return Task.FromResult(new Reply(429, RetryAfter: "2"));
            }

            clock.Stop();
            return Task.FromResult(new Reply());
        };
        await using var forwarding = await Forwarding.StartAsync(
            new DestinationOptions { Endpoint = destination.Http, Spool = new SpoolOptions { Folder = _folder.FullName, MaxBytes = 1 << 20 } });

        await forwarding.SendAsync("a");
        await Eventually.True("it is there", () => destination.Names.Count == 1);

        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(1.95), $"it came after {clock.Elapsed}");
    }

    [Fact]
    public async Task Sent_again_after_silence_counts_as_perhaps_twice_and_memory_holds_one_batch()
    {
        await using var silent = new SilentPeer("");
        await using var forwarding = await Forwarding.StartAsync(new DestinationOptions
        {
            Endpoint = silent.Address,
            Timeout = TimeSpan.FromMilliseconds(200),
            Spool = new SpoolOptions { Folder = _folder.FullName, MaxBytes = 1L << 30 },
        });
        var body = new byte[1_000_000];

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(ForwardVerdict.Accepted, (await forwarding.SendAsync(Protocol.Observations.Signal.Logs, body)).Verdict);
        }

        await Eventually.True("a second attempt", () => silent.Connections >= 2 && forwarding.State.PossibleDuplicates > 0);
        Assert.True(forwarding.State.WaitingBytes > 200_000_000);
        var held = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(held < 150_000_000, $"200 MB wait, {held} bytes are in memory");
        Assert.True(ExportBatch.MaxBytes < 150_000_000 / 10);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
