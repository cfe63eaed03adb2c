using Gantry.Estate.Sampling;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Sample;

/// <summary>
/// The last policy that the hub gave, in the state folder: a restart while the hub is away goes on with what was approved. Its revision is a hash of its
/// content, so a damaged file is found out and not believed.
/// </summary>
internal sealed class PolicyFile(GatewayOptions options, ILogger<PolicyFile> logger)
{
    public const string Name = "sampling.json";

    private readonly string? _path = options.StateFolder is { } folder ? Path.Combine(folder, Name) : null;

    /// <summary>Null when there is none that can be believed.</summary>
    public SamplingModel? Load()
    {
        if (_path is null || !File.Exists(_path))
        {
            return null;
        }

        try
        {
            using var stream = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > SamplingModelJson.Longest)
            {
                Log.PolicyFileRefused(logger, _path, $"it has {stream.Length} bytes");
                return null;
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            if (SamplingModelJson.TryRead(bytes, out var error) is { Revision.Length: > 0 } model)
            {
                return model;
            }

            Log.PolicyFileRefused(logger, _path, error.Length > 0 ? error : "it has no revision");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.PolicyFileRefused(logger, _path, exception.Message);
        }

        return null;
    }

    /// <summary>Written beside and moved over, so that there is always a whole file, the old or the new one.</summary>
    public void Save(ReadOnlySpan<byte> json)
    {
        if (_path is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(options.StateFolder!);
            // A name of its own: two gateways may have been given one folder.
            var beside = $"{_path}.{Environment.ProcessId}.new";
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(json);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // In force all the same; a restart without the hub would go on with an older one.
            Log.PolicyNotKept(logger, _path, exception.Message);
        }
    }
}
