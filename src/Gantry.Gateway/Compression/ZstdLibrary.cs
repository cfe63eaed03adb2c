using System.Reflection;
using System.Runtime.InteropServices;

namespace Gantry.Gateway.Compression;

/// <summary>The functions of libzstd that we call, all of its stable interface (https://facebook.github.io/zstd/zstd_manual.html).</summary>
internal static partial class ZstdLibrary
{
    private const string Name = "zstd";

    // Distributions install the plain name only with the development package.
    private static readonly string[] FileNames =
        OperatingSystem.IsWindows() ? ["libzstd.dll", "zstd.dll"] : OperatingSystem.IsMacOS() ? ["libzstd.1.dylib", "libzstd.dylib"] : ["libzstd.so.1"];

    static ZstdLibrary() => NativeLibrary.SetDllImportResolver(typeof(ZstdLibrary).Assembly, Resolve);

    public static bool IsPresent() => Resolve(Name, typeof(ZstdLibrary).Assembly, null) != 0;

    public static string Describe(nuint code) => Marshal.PtrToStringUTF8(GetErrorName(code)) ?? "unknown error";

    [LibraryImport(Name, EntryPoint = "ZSTD_compressBound")]
    public static partial nuint CompressBound(nuint length);

    [LibraryImport(Name, EntryPoint = "ZSTD_isError")]
    public static partial uint IsError(nuint code);

    [LibraryImport(Name, EntryPoint = "ZSTD_createCCtx")]
    public static partial nint CreateCCtx();

    [LibraryImport(Name, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCCtx(nint context);

    [LibraryImport(Name, EntryPoint = "ZSTD_compressCCtx")]
    public static partial nuint CompressCCtx(CompressContext context, ref byte target, nuint targetLength, in byte source, nuint sourceLength, int level);

    [LibraryImport(Name, EntryPoint = "ZSTD_createDCtx")]
    public static partial nint CreateDCtx();

    [LibraryImport(Name, EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDCtx(nint context);

    [LibraryImport(Name, EntryPoint = "ZSTD_DCtx_setParameter")]
    public static partial nuint SetParameter(DecompressContext context, int parameter, int value);

    [LibraryImport(Name, EntryPoint = "ZSTD_DCtx_reset")]
    public static partial nuint Reset(DecompressContext context, int directive);

    [LibraryImport(Name, EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint DecompressStream(DecompressContext context, ref Buffer output, ref Buffer input);

    [LibraryImport(Name, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint GetErrorName(nuint code);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (var file in name == Name ? FileNames : [])
        {
            if (NativeLibrary.TryLoad(file, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer, which are laid out alike: {void* start; size_t size; size_t position}.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public nint Start;
        public nuint Size;
        public nuint Position;
    }
}

internal sealed class CompressContext : SafeHandle
{
    public CompressContext()
        : base(0, ownsHandle: true) => SetHandle(ZstdLibrary.CreateCCtx());

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => ZstdLibrary.FreeCCtx(handle) == 0;
}

internal sealed class DecompressContext : SafeHandle
{
    public DecompressContext()
        : base(0, ownsHandle: true) => SetHandle(ZstdLibrary.CreateDCtx());

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => ZstdLibrary.FreeDCtx(handle) == 0;
}
