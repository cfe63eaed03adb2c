using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Report;

/// <summary>The agent's OpAMP identity: a UUID version 7, kept in the state folder so that a restarted agent is the same.</summary>
internal sealed class InstanceUid
{
    public const int Size = 16;
    private const string FileName = "instance_uid";

    private readonly string _folder;
    private readonly ILogger _logger;

    public InstanceUid(string folder, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _logger = logger;
        if (TryLoad(out var known))
        {
            Value = known;
        }
        else
        {
            Value = Guid.CreateVersion7(time.GetUtcNow());
            Save();
        }
    }

    public Guid Value { get; private set; }

    /// <summary>As it travels, and as its text reads: the most significant byte first.</summary>
    public byte[] Bytes => Value.ToByteArray(bigEndian: true);

    /// <summary>The hub gave another, as it knows two agents of this name.</summary>
    /// <returns>False when it is no UUID.</returns>
    public bool TryReplace(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            return false;
        }

        Value = new Guid(bytes, bigEndian: true);
        Save();
        return true;
    }

    private bool TryLoad(out Guid value)
    {
        value = default;
        try
        {
            var path = Path.Combine(_folder, FileName);
            return File.Exists(path) && new FileInfo(path).Length < 100 && Guid.TryParse(File.ReadAllText(path), out value) && value != Guid.Empty;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Save()
    {
        try
        {
            Directory.CreateDirectory(_folder);
            // Written beside and moved over: a crash leaves the old identity or the new one, never half of one.
            var path = Path.Combine(_folder, FileName);
            File.WriteAllText(path + ".new", Value.ToString() + "\n");
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.StateNotKept(_logger, _folder, error.Message);
        }
    }
}
