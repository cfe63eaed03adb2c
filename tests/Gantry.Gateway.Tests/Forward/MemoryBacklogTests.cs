using Gantry.Gateway.Forward.Routes;
using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Tests.Forward;

public class MemoryBacklogTests
{
    [Theory]
    [InlineData(Signal.Traces, 3)]
    [InlineData(Signal.Profiles, 1)]
    public async Task What_waits_is_read_together_but_for_profiles_whose_dictionaries_would_mix(Signal signal, int expected)
    {
        using var backlog = new MemoryBacklog(1000, TimeProvider.System);
        for (var i = 0; i < 3; i++)
        {
            using var request = new SharedRequest(new byte[] { 1, 2 });
            Assert.True(backlog.TryAdd(signal, request));
        }

        var batch = new ExportBatch();
        for (var left = 3; left > 0; left -= expected)
        {
            Assert.Equal(signal, await backlog.ReadAsync(batch, ExportBatch.MaxRequests, CancellationToken.None));
            Assert.Equal(expected, batch.Count);
            backlog.Settle(batch.Count);
        }

        Assert.Equal(0, backlog.Waiting.Requests);
    }
}
