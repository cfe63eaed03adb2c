using System.Text;
using Gantry.Gateway.Forward;
using Gantry.Gateway.Forward.Routes;
using Gantry.Gateway.Forward.Spool;
using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Gateway.Tests.Forward.Spool;

/// <summary>The disk alone: what was acknowledged is there, in order, whatever happened to the files.</summary>
public sealed class DiskSpoolTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("gantry-spool-");
    private readonly TestLogs _logs = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_checksum_is_CRC_32C() => Assert.Equal(0xE3069283, SpoolRecord.Checksum(uint.MaxValue, "123456789"u8) ^ uint.MaxValue);

    [Fact]
    public async Task What_many_append_at_once_is_read_once_and_in_order_of_each()
    {
        using var spool = Open("a");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 50; i++)
            {
                Assert.Equal(ForwardVerdict.Accepted, (await AppendAsync(spool, $"{writer}-{i}")).Verdict);
            }
        }));

        Assert.Equal(400, spool.Waiting.Requests);
        var read = await ReadAllAsync(spool, 400);

        Assert.All(Enumerable.Range(0, 8), writer =>
            Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{writer}-{i}"), read.Where(text => text.StartsWith($"{writer}-", StringComparison.Ordinal))));
        Assert.Equal((0, 0), (spool.Waiting.Requests, spool.Waiting.Bytes));
    }

    [Fact]
    public async Task A_batch_has_one_signal_profiles_go_alone_and_the_order_stays()
    {
        using var spool = Open("a");
        foreach (var (signal, text) in new[] { (Signal.Traces, "1"), (Signal.Traces, "2"), (Signal.Logs, "3"), (Signal.Traces, "4"), (Signal.Profiles, "5"), (Signal.Profiles, "6") })
        {
            await spool.AppendAsync(signal, new Outgoing(Encoding.UTF8.GetBytes(text)));
        }

        var batches = new List<(Signal, string)>();
        var batch = new ExportBatch();
        while (spool.Waiting.Requests > 0)
        {
            var signal = await spool.Backlog.ReadAsync(batch, ExportBatch.MaxRequests, CancellationToken.None);
            batches.Add((signal, string.Concat(batch.Bodies.Select(body => Encoding.UTF8.GetString(body.Span)))));
            spool.Backlog.Settle(batch.Count);
        }

        Assert.Equal([(Signal.Traces, "12"), (Signal.Logs, "3"), (Signal.Traces, "4"), (Signal.Profiles, "5"), (Signal.Profiles, "6")], batches);
    }

    [Fact]
    public async Task What_was_not_settled_comes_again_after_a_restart_and_is_known_to_be_perhaps_twice()
    {
        var batch = new ExportBatch();
        using (var spool = Open("a"))
        {
            for (var i = 0; i < 10; i++)
            {
                await AppendAsync(spool, $"{i}");
            }

            await spool.Backlog.ReadAsync(batch, 4, CancellationToken.None);
            spool.Backlog.Settle(4);
            await spool.Backlog.ReadAsync(batch, 3, CancellationToken.None);
        }

        var health = Health();
        using var again = Open("a", health: health);
        Assert.Equal(6, again.Waiting.Requests);

        Assert.Equal(["4", "5", "6", "7", "8", "9"], await ReadAllAsync(again, 6));
        Assert.Equal(3, health.State(default).PossibleDuplicates);
    }

    [Fact]
    public async Task Requests_of_any_size_and_many_segments_are_read_back_and_their_files_go()
    {
        var sizes = new[] { 0, 1, 100_000, ExportBatch.MaxBytes + 100_000, 7, 50_000, 300_000, 3 };
        using var spool = Open("a", maxBytes: 16 * 1024 * 1024);
        foreach (var size in sizes)
        {
            Assert.Equal(ForwardVerdict.Accepted, (await spool.AppendAsync(Signal.Traces, new Outgoing(Filled(size)))).Verdict);
        }

        var batch = new ExportBatch();
        var read = new List<byte[]>();
        while (spool.Waiting.Requests > 0)
        {
            await spool.Backlog.ReadAsync(batch, ExportBatch.MaxRequests, CancellationToken.None);
            Assert.True(batch.Count == 1 || batch.Bytes <= ExportBatch.MaxBytes);
            read.AddRange(batch.Bodies.Select(body => body.ToArray()));
            spool.Backlog.Settle(batch.Count);
        }

        Assert.Equal(sizes.Select(Filled), read);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await spool.Backlog.ReadAsync(batch, 1, stop.Token));
        Assert.Single(Directory.GetFiles(Folder("a"), "*.seg"));
    }

    [Fact]
    public async Task Full_it_refuses_with_a_delay_and_takes_again_when_there_is_room()
    {
        var health = Health();
        using var spool = Open("a", maxBytes: SpoolOptions.LeastBytes, health: health);
        var accepted = 0;
        ForwardResult result;
        while ((result = await spool.AppendAsync(Signal.Traces, new Outgoing(Filled(1000)))).Verdict == ForwardVerdict.Accepted)
        {
            accepted++;
        }

        Assert.Equal(ForwardVerdict.Unavailable, result.Verdict);
        Assert.NotNull(result.RetryAfter);
        Assert.Contains("full", health.State(default).Problem!.Reason);
        Assert.InRange(Directory.GetFiles(Folder("a"), "*.seg").Sum(file => new FileInfo(file).Length), SpoolOptions.LeastBytes - 1100, SpoolOptions.LeastBytes);
        Assert.Equal(ForwardVerdict.Refused, (await spool.AppendAsync(Signal.Traces, new Outgoing(Filled((int)SpoolOptions.LeastBytes)))).Verdict);

        Assert.Equal(accepted, (await ReadAllAsync(spool, accepted)).Count);
        // The files of what is delivered go when the reader looks for more.
        await Eventually.Get("there is room", async () =>
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await spool.Backlog.ReadAsync(new ExportBatch(), 1, stop.Token));
            return "yes";
        });
        Assert.Equal(ForwardVerdict.Accepted, (await spool.AppendAsync(Signal.Traces, new Outgoing(Filled(1000)))).Verdict);
        Assert.Null(health.State(default).Problem);
    }

    [Fact]
    public async Task A_spool_with_room_for_one_request_takes_the_next_when_that_is_delivered()
    {
        using var spool = Open("a", maxBytes: SpoolOptions.LeastBytes);
        var body = Filled((int)SpoolOptions.LeastBytes * 2 / 3);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ForwardVerdict.Accepted, (await spool.AppendAsync(Signal.Traces, new Outgoing(body))).Verdict);
            Assert.Single(await ReadAllAsync(spool, 1));
            // A client that is turned away is what tells the spool that room is wanted.
            Assert.Equal(ForwardVerdict.Unavailable, (await spool.AppendAsync(Signal.Traces, new Outgoing(body))).Verdict);
            await LookForMoreAsync(spool);
        }
    }

    [Fact]
    public async Task When_no_segment_can_be_begun_the_last_one_goes_all_the_same_once_it_is_delivered()
    {
        using var spool = Open("a", maxBytes: SpoolOptions.LeastBytes);
        await spool.AppendAsync(Signal.Traces, new Outgoing(Filled(20_000)));
        await ReadAllAsync(spool, 1);
        await File.WriteAllTextAsync(Path.Combine(Folder("a"), "0000000000000002.seg"), "in the way");

        Assert.Equal(ForwardVerdict.Unavailable, (await spool.AppendAsync(Signal.Traces, new Outgoing(Filled(20_000)))).Verdict);
        await LookForMoreAsync(spool);

        Assert.False(File.Exists(Path.Combine(Folder("a"), "0000000000000001.seg")));
    }

    [Fact]
    public async Task What_waited_too_long_is_given_up_counted_and_said()
    {
        var health = Health();
        using var spool = Open("a", maxAge: TimeSpan.FromHours(1), health: health);
        for (var i = 0; i < 7; i++)
        {
            await AppendAsync(spool, "old");
        }

        _time.Advance(TimeSpan.FromMinutes(61));
        await AppendAsync(spool, "young");

        Assert.Equal(["young"], await ReadAllAsync(spool, 1));
        Assert.Equal(7, health.State(default).Lost);
        Assert.Contains(_logs.Entries, entry => entry.Event == "RequestsLost" && entry.Level == LogLevel.Warning);
        Assert.Equal((0, 0), (spool.Waiting.Requests, spool.Waiting.Bytes));
    }

    [Fact]
    public void Two_never_share_a_folder()
    {
        using var first = Open("a");

        var exception = Assert.Throws<SpoolException>(() => Open("a"));

        Assert.Contains(Folder("a"), exception.Message);
        Assert.Contains("spool-folder", exception.Message);
    }

    /// <summary>The segment's header, then records of 24 bytes and a payload.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_byte_is_cut_or_flipped_all_before_it_is_there_and_nothing_is_made_up(bool newest)
    {
        _logs.Expect("SpoolDamaged");
        string[] texts = ["first", "second request", "3", "the fourth of them", "last"];
        using (var spool = Open("original"))
        {
            foreach (var text in texts)
            {
                await AppendAsync(spool, text);
            }
        }

        if (!newest)
        {
            using var spool = Open("original");
            await AppendAsync(spool, "later");
        }

        string[] after = newest ? ["end"] : ["later", "end"];
        var original = await File.ReadAllBytesAsync(Path.Combine(Folder("original"), "0000000000000001.seg"));
        for (var at = 0; at < original.Length; at++)
        {
            foreach (var damaged in new[] { original[..at], Flipped(original, at, 0x01), Flipped(original, at, 0x80), Flipped(original, at, 0xFF) })
            {
                var folder = Folder("damaged");
                CopyOf(Folder("original"), folder);
                await File.WriteAllBytesAsync(Path.Combine(folder, "0000000000000001.seg"), damaged);
                var health = Health();
                using (var spool = Open("damaged", health: health))
                {
                    await AppendAsync(spool, "end");
                    Assert.Equal([.. texts.Take(WholeBefore(texts, at)), .. after], await ReadUntilAsync(spool, "end"));
                }

                var cutAtABoundary = damaged.Length < original.Length && (at == 0 || at == End(texts, WholeBefore(texts, at)));
                Assert.True(health.State(default).CutBytes > 0 || cutAtABoundary, $"damage at byte {at} was not reported");
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    public void Dispose()
    {
        _root.Delete(recursive: true);
        _logs.Dispose();
    }

    private static int End(string[] texts, int records) => SpoolSegment.HeaderLength + texts.Take(records).Sum(text => SpoolRecord.HeaderLength + text.Length);

    private static int WholeBefore(string[] texts, int at) => at < SpoolSegment.HeaderLength ? 0 : Enumerable.Range(0, texts.Length + 1).Last(records => End(texts, records) <= at);

    private static byte[] Flipped(byte[] bytes, int at, byte bits)
    {
        byte[] copy = [.. bytes];
        copy[at] ^= bits;
        return copy;
    }

    private static void CopyOf(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from, "*.seg"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static byte[] Filled(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static Task<ForwardResult> AppendAsync(DiskSpool spool, string text) => spool.AppendAsync(Signal.Traces, new Outgoing(Encoding.UTF8.GetBytes(text))).AsTask();

    private static async Task<List<string>> ReadAllAsync(DiskSpool spool, int count)
    {
        var read = new List<string>();
        var batch = new ExportBatch();
        while (read.Count < count)
        {
            await spool.Backlog.ReadAsync(batch, ExportBatch.MaxRequests, CancellationToken.None);
            read.AddRange(batch.Bodies.Select(body => Encoding.UTF8.GetString(body.Span)));
            spool.Backlog.Settle(batch.Count);
        }

        return read;
    }

    /// <summary>Nothing is found, but the files of what is delivered go.</summary>
    private static async Task LookForMoreAsync(DiskSpool spool)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await spool.Backlog.ReadAsync(new ExportBatch(), 1, stop.Token));
    }

    private static async Task<List<string>> ReadUntilAsync(DiskSpool spool, string last)
    {
        var read = new List<string>();
        while (read.LastOrDefault() != last)
        {
            read.AddRange(await ReadAllAsync(spool, 1));
        }

        return read;
    }

    private string Folder(string name) => Path.Combine(_root.FullName, name);

    private DestinationHealth Health() => new(new DestinationOptions { Endpoint = new Uri("http://h") }, _time, _logs.CreateLogger("spool"));

    private DiskSpool Open(string name, long maxBytes = 1 << 20, TimeSpan? maxAge = null, DestinationHealth? health = null) =>
        DiskSpool.Open(new SpoolOptions { Folder = Folder(name), MaxBytes = maxBytes, MaxAge = maxAge }, health ?? Health(), _time, _logs.CreateLogger("spool"));
}
