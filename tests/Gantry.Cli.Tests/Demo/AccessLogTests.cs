using System.Text;
using Gantry.Cli.Demo;

namespace Gantry.Cli.Tests.Demo;

public sealed class AccessLogTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Request_lines_are_counted_and_everything_is_kept()
    {
        using (var log = new AccessLog("cart", _folder["cart.log"]))
        {
            await log.CopyAsync(Lines("OpenTelemetry automatic instrumentation started", "access cart POST /cart 200 1.0ms", "access cartoon GET / 200 1.0ms", "access cart POST /cart 500 1.0ms"));

            Assert.Equal(2, log.Requests);
        }

        Assert.Equal(4, File.ReadAllLines(_folder["cart.log"]).Length);
    }

    [Fact]
    public async Task A_restarted_log_begins_anew_in_the_file_too()
    {
        using (var log = new AccessLog("cart", _folder["cart.log"]))
        {
            await log.CopyAsync(Lines("access cart POST /cart 200 1.0ms", "access cart POST /cart 200 1.0ms"));

            log.Restart();
            await log.CopyAsync(Lines("access cart POST /cart 201 1.0ms"));

            Assert.Equal(1, log.Requests);
        }

        Assert.Equal(["access cart POST /cart 201 1.0ms"], File.ReadAllLines(_folder["cart.log"]));
    }

    public void Dispose() => _folder.Dispose();

    private static StreamReader Lines(params string[] lines) => new(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")));
}
