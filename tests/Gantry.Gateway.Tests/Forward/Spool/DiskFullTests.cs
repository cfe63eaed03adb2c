using System.Diagnostics;
using System.Runtime.InteropServices;
using Gantry.Gateway.Forward;
using Gantry.Gateway.Forward.Routes;
using Gantry.Gateway.Forward.Spool;
using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Tests.Forward.Spool;

/// <summary>Alone, because where it may not mount a small disk it limits the size of files for the whole process.</summary>
[CollectionDefinition(nameof(DiskFullTests), DisableParallelization = true)]
[Collection(nameof(DiskFullTests))]
public sealed class DiskFullTests
{
    private const int DiskBytes = 512 * 1024;

    [Fact]
    public async Task A_full_disk_refuses_loses_nothing_and_works_again_by_itself()
    {
        using var disk = new SmallDisk(DiskBytes);
        using var logs = new TestLogs();
        var health = new DestinationHealth(new DestinationOptions { Endpoint = new Uri("http://h") }, TimeProvider.System, logs.CreateLogger("spool"));
        using var spool = DiskSpool.Open(
            new SpoolOptions { Folder = Path.Combine(disk.Path, "spool"), MaxBytes = 1L << 30 }, health, TimeProvider.System, logs.CreateLogger("spool"));
        var acknowledged = new List<byte>();

        for (var round = 0; round < 3; round++)
        {
            ForwardResult result;
            while ((result = await AppendAsync(spool, (byte)acknowledged.Count)).Verdict == ForwardVerdict.Accepted)
            {
                acknowledged.Add((byte)acknowledged.Count);
                Assert.True(acknowledged.Count < 200, "the disk never became full");
            }

            Assert.Equal(ForwardVerdict.Unavailable, result.Verdict);
            Assert.NotNull(result.RetryAfter);
            Assert.Contains("cannot be written", health.State(default).Problem!.Reason);
            // Again and again: no attempt leaves something behind that the next one would stumble over.
            for (var i = 0; i < 20 && result.Verdict != ForwardVerdict.Accepted; i++)
            {
                result = await AppendAsync(spool, (byte)acknowledged.Count);
            }

            if (result.Verdict == ForwardVerdict.Accepted)
            {
                acknowledged.Add((byte)acknowledged.Count);
            }

            Assert.Equal(acknowledged, await DeliverAsync(spool, acknowledged.Count));
            acknowledged.Clear();
        }

        Assert.Equal(ForwardVerdict.Accepted, (await AppendAsync(spool, 0)).Verdict);
        Assert.Null(health.State(default).Problem);
    }

    private static async Task<ForwardResult> AppendAsync(DiskSpool spool, byte number)
    {
        var body = new byte[20_000];
        body.AsSpan().Fill(number);
        return await spool.AppendAsync(Signal.Logs, new Outgoing(body));
    }

    /// <summary>Delivers all, and looks for more, at which the files of what is delivered go.</summary>
    private static async Task<List<byte>> DeliverAsync(DiskSpool spool, int count)
    {
        var read = new List<byte>();
        var batch = new ExportBatch();
        while (read.Count < count)
        {
            await spool.Backlog.ReadAsync(batch, ExportBatch.MaxRequests, CancellationToken.None);
            Assert.All(batch.Bodies, body => Assert.Equal(-1, body.Span.IndexOfAnyExcept(body.Span[0])));
            read.AddRange(batch.Bodies.Select(body => body.Span[0]));
            spool.Backlog.Settle(batch.Count);
        }

        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await spool.Backlog.ReadAsync(batch, 1, stop.Token));
        return read;
    }

    /// <summary>A file system of its own where we may mount one; else the system refuses files above a size, in the same way.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private const int FileSize = 1;
        private const int SizeSignal = 25;

        private readonly bool _mounted;
        private readonly ulong[] _before = new ulong[2];

        public SmallDisk(int bytes)
        {
            Path = Directory.CreateTempSubdirectory("gantry-disk-").FullName;
            _mounted = Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", Path);
            if (!_mounted)
            {
                Signal(SizeSignal, 1);
                Assert.Equal(0, GetLimit(FileSize, _before));
                Assert.Equal(0, SetLimit(FileSize, [(ulong)bytes, _before[1]]));
            }
        }

        public string Path { get; }

        public void Dispose()
        {
            if (_mounted)
            {
                Assert.True(Run("umount", "-l", Path));
            }
            else
            {
                Assert.Equal(0, SetLimit(FileSize, _before));
            }

            Directory.Delete(Path, recursive: true);
        }

        private static bool Run(string program, params string[] args)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
                process.StandardError.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }

        [DllImport("libc", EntryPoint = "signal")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        private static extern nint Signal(int signal, nint handler);

        [DllImport("libc", EntryPoint = "getrlimit")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        private static extern int GetLimit(int resource, [Out] ulong[] limit);

        [DllImport("libc", EntryPoint = "setrlimit")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        private static extern int SetLimit(int resource, ulong[] limit);
    }
}
