namespace Gantry.Gateway.Forward.Spool;

/// <summary>A spool cannot be opened. The message names the folder, the reason and the fix.</summary>
public sealed class SpoolException(string message, Exception? inner = null) : IOException(message, inner);
